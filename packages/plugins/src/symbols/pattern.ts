/** A question for names. */
export interface NamePattern {
  /** The whole name that is asked for; undefined for globs and regular expressions. */
  readonly exact: string | undefined;
  /** Whether a name, as the linker has it or demangled, is one that is asked for. */
  matches(name: string): boolean;
}

/**
 * Reads a pattern: `/^std::/` is a regular expression; with `*` or `?` in it, and neither parameters nor template arguments, a
 * glob for whole names; anything else a name. A C++ function is also known without its parameters: `ns::f` and `ns::*`
 * match `ns::f(int)`.
 *
 * @throws SyntaxError for a regular expression that is none
 */
export function parsePattern(text: string): NamePattern {
  const expression = /^\/(.*)\/([dgimsuvy]*)$/s.exec(text);
  if (expression) {
    const [, source = "", flags = ""] = expression;
    const regex = new RegExp(source, flags.replace(/[gy]/g, ""));
    return { exact: undefined, matches: (name) => regex.test(name) };
  }
  // Operators have these characters in their names.
  if (/[*?]/.test(text) && !text.includes("operator") && !/[(<]/.test(text)) {
    const regex = new RegExp(
      `^${text
        .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
      "s",
    );
    return { exact: undefined, matches: (name) => regex.test(name) || regex.test(withoutParameters(name)) };
  }
  return { exact: text, matches: (name) => name === text || withoutParameters(name) === text };
}

/** An identifier that a mangled name for this name must hold: `f` of `ns::f<int>(int)`; empty if there is none. */
export function identifierIn(name: string): string {
  const plain = withoutParameters(name).replace(/(<|operator\b).*$/s, "");
  return /([A-Za-z_$][\w$]*)[^\w$]*$/.exec(plain)?.[1] ?? "";
}

/** A demangled name without its parameters, result and qualifiers: `ns::f<int>` of `void ns::f<int>(int) const`. */
function withoutParameters(name: string): string {
  const list = startOfParameters(name);
  if (list < 0) return name;
  const bare = name.slice(0, list);
  return bare.includes("operator") ? bare : bare.slice(startOfName(bare));
}

const ANONYMOUS = "(anonymous namespace)";

function startOfParameters(name: string): number {
  let depth = 0;
  for (let i = 0; i < name.length; i += 1) {
    const letter = name[i];
    if (letter === "<") depth += 1;
    else if (letter === ">") depth -= 1;
    else if (letter === "(" && depth === 0) {
      if (name.startsWith(ANONYMOUS, i)) i += ANONYMOUS.length - 1;
      else if (name.endsWith("operator", i)) i += 1;
      else return i;
    }
  }
  return -1;
}

/** Where a name starts behind the type of its result. */
function startOfName(bare: string): number {
  let depth = 0;
  for (let i = bare.length - 1; i >= 0; i -= 1) {
    const letter = bare[i];
    if (letter === ">" || letter === ")") depth += 1;
    else if (letter === "<" || letter === "(") depth -= 1;
    else if (letter === " " && depth === 0) return i + 1;
  }
  return 0;
}
