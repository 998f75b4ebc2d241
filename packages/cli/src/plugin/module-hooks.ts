import type { ResolveHook } from "node:module";
import { resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";

/** In front of a package's name: it is looked up where the command is run, as an import there would. */
export const PACKAGE_SCHEME = "qpp-package:";

/** Modules of which there must be one copy: a plugin's `Observable`, contracts and errors are to be the command's own. */
const SHARED = /^(?:@qpp\/(?:core|emulator|plugins)|rxjs)(?:\/|$)/;

/**
 * Resolves what plugins import; runs on Node's thread for that (node:module, "Customization Hooks"). A plugin file may lie
 * anywhere, with no package around it, and still import what it is made with; and its TypeScript is always an ES module,
 * also where a package.json would have it otherwise.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (SHARED.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
  if (specifier.startsWith(PACKAGE_SCHEME)) {
    const parentURL = pathToFileURL(resolvePath("package.json")).href;
    return next(specifier.slice(PACKAGE_SCHEME.length), { ...context, parentURL });
  }
  const resolved = await next(specifier, context);
  // tsx marks what it takes for CommonJS in the query.
  const url = resolved.url.replace(/(?:\?|%3F)tsx-.*$/, "");
  const isTypeScript = /\.m?tsx?$/.test(url) && !url.includes("/node_modules/");
  return isTypeScript ? { ...resolved, url, format: "module" } : resolved;
};
