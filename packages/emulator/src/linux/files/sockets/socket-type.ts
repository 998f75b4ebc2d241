/** Socket types (socket(2)). */
export const SocketType = { STREAM: 1, DGRAM: 2, SEQPACKET: 5 } as const;
/** See {@link SocketType}. */
export type SocketType = (typeof SocketType)[keyof typeof SocketType];
