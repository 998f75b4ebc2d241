import type { ResolveHook } from "node:module";
import { resolve as resolvePath } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { MessagePort } from "node:worker_threads";

/** In front of a package's name: it is looked up where the command is run, as an import there would. */
export const PACKAGE_SCHEME = "qpp-package:";
/** In front of the URL of a plugin's file. */
export const FILE_SCHEME = "qpp-file:";

/** Modules of which there must be one copy: a plugin's `Observable`, contracts and errors are to be the command's own. */
const SHARED = /^(?:@qpp\/(?:core|emulator|plugins)|rxjs)(?:\/|$)/;

/** Who wants to know the files that plugins consist of. */
let sources: MessagePort | undefined;
/** URLs of the modules of plugins, but for what is in installed packages. */
const ofPlugins = new Set<string>();

/** Called by Node; `data` is a port to which the path of each file is posted, or nothing. */
export function initialize(data: MessagePort | undefined): void {
  sources = data;
}

/**
 * Resolves what plugins import; runs on Node's thread for that (node:module, "Customization Hooks"). A plugin file may lie
 * anywhere, with no package around it, and still import what it is made with; and its TypeScript is always an ES module,
 * also where a package.json would have it otherwise.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  if (SHARED.test(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
  const isPlugin = specifier.startsWith(FILE_SCHEME) || specifier.startsWith(PACKAGE_SCHEME);
  const inPlugin = isPlugin || (context.parentURL !== undefined && ofPlugins.has(context.parentURL));
  let resolved: Awaited<ReturnType<typeof next>>;
  try {
    resolved = await next(...asked(specifier, context));
  } catch (error) {
    if (inPlugin && /^\.{1,2}\//.test(specifier)) tellWhereItCouldBe(new URL(specifier, context.parentURL));
    throw error;
  }
  // tsx marks what it takes for CommonJS in the query.
  const url = resolved.url.replace(/(?:\?|%3F)tsx-.*$/, "");
  const installed = url.includes("/node_modules/");
  if (inPlugin && !installed && url.startsWith("file:")) {
    ofPlugins.add(url).add(resolved.url);
    tell(new URL(url));
  }
  const isTypeScript = /\.m?tsx?$/.test(url) && !installed;
  return isTypeScript ? { ...resolved, url, format: "module" } : resolved;
};

function asked(specifier: string, context: Parameters<ResolveHook>[1]): [string, Parameters<ResolveHook>[1]] {
  if (specifier.startsWith(FILE_SCHEME)) return [specifier.slice(FILE_SCHEME.length), context];
  if (!specifier.startsWith(PACKAGE_SCHEME)) return [specifier, context];
  const parentURL = pathToFileURL(resolvePath("package.json")).href;
  return [specifier.slice(PACKAGE_SCHEME.length), { ...context, parentURL }];
}

/** A file that is not there yet: whoever waits for a change waits for it, too. */
function tellWhereItCouldBe(url: URL): void {
  tell(url);
  const source = url.href.replace(/\.([cm]?)js$/, ".$1ts");
  if (source !== url.href) tell(new URL(source));
}

function tell(url: URL): void {
  sources?.postMessage(fileURLToPath(new URL(url.pathname, url)));
}
