import type { Frame, FrameKind } from "./contract.js";

/** A frame, reused by whatever is called next at its depth. */
class ShadowFrame implements Frame {
  kind: FrameKind = "start";
  function = 0;
  callSite = 0;
  returnAddress = 0;
  sp = 0;
  readonly index: number;
  /** For a signal's frame: the upper end of the memory that frames below it lie in. */
  outerBase = 0;

  constructor(index: number) {
    this.index = index;
  }
}

/**
 * The frames of one stack, outermost first. Memory that they lie in grows downwards; a signal's handler may run in other memory
 * than what it interrupts, so a stack is made of one region for each handler that is active, and one below.
 *
 * ```text
 *  base ┌─ start            sp = base      ┐
 *       ├─ call  main                      │ region
 *       ├─ call  work                      │
 *       ├─ signal on_alarm  sp = work's    ┘ ┐ region of the handler, here or on its own stack:
 *       └─ call  printf                      ┘ its base is only seen when the handler first calls
 * ```
 */
export class ShadowStack {
  /** Unlike that of any other stack. */
  readonly id: number;
  /** The highest stack pointer seen in the innermost region; NaN while none has been seen. */
  base: number;
  /** How many frames there are. */
  depth = 0;
  readonly #frames: ShadowFrame[] = [];

  constructor(id: number, start: number, sp: number) {
    this.id = id;
    this.base = sp;
    this.push("start", start, 0, 0, sp);
  }

  /** A stack with the same frames. */
  copy(id: number): ShadowStack {
    const copy = new ShadowStack(id, 0, 0);
    copy.depth = 0;
    for (let i = 0; i < this.depth; i++) {
      const frame = this.at(i);
      const to = copy.push(frame.kind, frame.function, frame.callSite, frame.returnAddress, frame.sp);
      to.outerBase = frame.outerBase;
    }
    copy.base = this.base;
    return copy;
  }

  /** The innermost frame. */
  get top(): ShadowFrame {
    return this.at(this.depth - 1);
  }

  /** The frame that `index` others are below. */
  at(index: number): ShadowFrame {
    const frame = this.#frames[index];
    if (frame === undefined) throw new RangeError(`no frame has ever been at ${index}`);
    return frame;
  }

  push(kind: FrameKind, entry: number, callSite: number, returnAddress: number, sp: number): ShadowFrame {
    const index = this.depth++;
    let frame = this.#frames[index];
    if (frame === undefined) {
      frame = new ShadowFrame(index);
      this.#frames.push(frame);
    }
    frame.kind = kind;
    frame.function = entry;
    frame.callSite = callSite;
    frame.returnAddress = returnAddress;
    frame.sp = sp;
    if (kind === "signal") {
      frame.outerBase = this.base;
      this.base = Number.NaN;
    }
    return frame;
  }

  pop(): void {
    const { kind, outerBase } = this.top;
    if (kind === "signal") this.base = outerBase;
    this.depth--;
  }

  /** The stack pointer is known to be here: the region reaches as high at least. */
  reach(sp: number): void {
    if (!(sp <= this.base)) this.base = sp;
  }

  /** Copies for whoever keeps them, innermost first. */
  frames(): Frame[] {
    return Array.from({ length: this.depth }, (_, i) => {
      const { kind, function: entry, callSite, returnAddress, sp, index } = this.at(this.depth - 1 - i);
      return { kind, function: entry, callSite, returnAddress, sp, index };
    });
  }

  /** Index of the innermost frame that returns to `target` with this stack pointer; -1 without one. */
  findReturn(target: number, sp: number): number {
    for (let i = this.depth - 1; i > 0; i--) {
      const frame = this.at(i);
      if (frame.returnAddress === target && frame.sp === sp && frame.kind === "call") return i;
    }
    return -1;
  }

  /**
   * How many frames lie in or below the innermost region that a stack pointer is in; 0 if it is in none. A function that
   * runs has one between that of its innermost call and the region's base.
   */
  regionOf(sp: number): number {
    let end = this.depth;
    let lowest = this.top.kind === "call" ? this.top.sp : this.base;
    let { base } = this;
    for (let i = this.depth - 1; i >= 0; i--) {
      const frame = this.at(i);
      if (frame.kind === "call") continue;
      if (sp >= lowest && sp <= base) return end;
      end = i;
      lowest = frame.sp;
      base = frame.outerBase;
    }
    return 0;
  }
}
