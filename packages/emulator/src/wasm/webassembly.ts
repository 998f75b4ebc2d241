/**
 * The part of the WebAssembly JavaScript interface that the machine uses (W3C, "WebAssembly JavaScript Interface"):
 * TypeScript declares it only together with a browser's whole DOM, which this package has no business with.
 */
declare global {
  namespace WebAssembly {
    interface Memory {
      readonly buffer: ArrayBuffer;
    }
    const Memory: {
      new (descriptor: { readonly initial: number; readonly maximum?: number }): Memory;
    };

    interface Table {
      readonly length: number;
      get(index: number): unknown;
      set(index: number, value: unknown): void;
      grow(delta: number): number;
    }
    const Table: {
      new (descriptor: {
        readonly element: "anyfunc";
        readonly initial: number;
        readonly maximum?: number;
      }): Table;
    };

    interface Global {
      value: number | bigint;
    }

    type Module = object;
    const Module: {
      new (bytes: Uint8Array): Module;
    };

    type ImportValue = Memory | Table | Global | number | ((...args: never[]) => unknown);

    type ExportValue = Memory | Table | Global | ((...args: number[]) => number);
    interface Instance {
      readonly exports: Readonly<Record<string, ExportValue>>;
    }
    const Instance: {
      new (
        module: Module,
        imports?: Readonly<Record<string, Readonly<Record<string, ImportValue>>>>,
      ): Instance;
    };

    function validate(bytes: Uint8Array): boolean;
  }
}

export {};
