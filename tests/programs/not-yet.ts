/** Programs that do not yet do as they should, and why. One that passes makes its test fail, until it is removed here. */
export const NOT_YET: Readonly<Record<string, string>> = {};
