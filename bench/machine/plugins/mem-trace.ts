import { plugin } from "@qpp/core";
import { machine } from "@qpp/emulator/contract";

/** Takes a trace of all memory accesses with their values: counts them, sums up addresses and values modulo 2^32. */
export default plugin("mem_trace", {
  requires: { machine },
  install({ machine, report }) {
    let accesses = 0;
    let addresses = 0;
    let values = 0;
    machine.memory.accessed.batch(({ length, address, valueLow, valueHigh }) => {
      let [a, v] = [0, 0];
      for (let i = 0; i < length; i++) {
        a += address[i] ?? 0;
        v += (valueLow[i] ?? 0) + (valueHigh[i] ?? 0);
      }
      addresses = (addresses + a) % 2 ** 32;
      values = (values + v) % 2 ** 32;
      accesses += length;
    });
    report(() => ({ accesses, addresses: hex(addresses), values: hex(values) }));
  },
});

const hex = (sum: number): string => `0x${(sum >>> 0).toString(16)}`;
