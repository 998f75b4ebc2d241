import type { Caller, Directory, Entry, Inode } from "../inode.js";
import { FileType } from "../open-file.js";
import { entryOf, type SyntheticSystem, syntheticDirectory } from "../synthetic/synthetic.js";
import type { Mount, MountPoint, Place, Source } from "./place.js";

/** The guest's tree of files: what is mounted where, over a root. */
export interface Tree {
  readonly root: Place;
  /** All mounts, in the order in which they were made. */
  readonly mounts: readonly { readonly path: string; readonly mount: Mount }[];
  /** Mounts something at an absolute path without links; directories on the way are shown even if there are none. */
  mount(path: string, source: Source, how: Omit<Mount, "id">): void;
  /** Has a directory shown at an absolute path without links, empty if there is none. */
  show(path: string): void;
  /** What has a name in a directory; undefined if nothing has. May throw an error of the host. */
  child(parent: Place, name: string, caller: Caller): Place | number | undefined;
  /** Where to make, remove and rename a name of a directory, and how that part of the tree may be used. */
  holder(
    parent: Place,
    name: string,
  ): { readonly directory: Directory | undefined; readonly mount: Mount; readonly name: string };
  /** All names in a directory but `.` and `..`. May throw an error of the host. */
  list(place: Place, caller: Caller): readonly Entry[];
}

/** How the directories are used that only lead to a mount. */
const ON_THE_WAY: Mount = { readable: true, writable: false, host: undefined, kind: "none", id: 0 };
const WAY_MAGIC = 0x0102_1994;
/** Far from the host's, see `sandbox.ts`. */
const WAY_DEVICE = 0xf_ff01;

/**
 * Makes a tree with nothing in it.
 * @param missing what is said of a name that leads to no mount: a negated error number, so that a guest without a root of
 *   its own does not learn what the host has there; undefined says that there is nothing.
 */
export function createTree(born: SyntheticSystem["born"], missing: number | undefined): Tree {
  const system: SyntheticSystem = { device: WAY_DEVICE, magic: WAY_MAGIC, born };
  const mounts: { path: string; mount: Mount }[] = [];
  const rootPoint: MountPoint = { mounted: undefined, children: new Map() };
  const ways = new Map<MountPoint, Inode>();
  let lastWay = 0n;

  /** The directory that is shown on the way to a mount where there is none. */
  function wayTo(point: MountPoint): Inode {
    let way = ways.get(point);
    if (!way) {
      lastWay += 1n;
      const looks = { mode: 0o555, inode: lastWay };
      way = syntheticDirectory(system, looks, { lookup: () => missing, list: () => [] });
      ways.set(point, way);
    }
    return way;
  }

  function pointAt(path: string): MountPoint {
    let point = rootPoint;
    for (const name of path.split("/")) {
      if (name === "") continue;
      let next = point.children.get(name);
      if (!next) {
        next = { mounted: undefined, children: new Map() };
        point.children.set(name, next);
      }
      point = next;
    }
    return point;
  }

  /** What a mount shows at its top; undefined for a name that nothing has. */
  function topOf(source: Source, caller: Caller): Inode | number | undefined {
    return source.kind === "inode" ? source.inode : source.holder.lookup(source.name, caller);
  }

  function rootPlace(): Place {
    const mounted = rootPoint.mounted;
    const inode = mounted?.source.kind === "inode" ? mounted.source.inode : wayTo(rootPoint);
    return {
      parent: undefined,
      name: "",
      inode,
      mount: mounted?.mount ?? ON_THE_WAY,
      top: undefined,
      point: rootPoint,
    };
  }

  return {
    get root() {
      return rootPlace();
    },
    mounts,
    mount(path, source, how) {
      const mount: Mount = { ...how, id: mounts.length + 1 };
      pointAt(path).mounted = { source, mount };
      mounts.push({ path, mount });
    },
    show: (path) => void pointAt(path),
    child(parent, name, caller) {
      const point = parent.point?.children.get(name);
      if (point?.mounted) {
        const inode = topOf(point.mounted.source, caller);
        if (typeof inode !== "object") return inode;
        return { parent, name, inode, mount: point.mounted.mount, top: undefined, point };
      }
      const found = parent.inode.directory?.lookup(name, caller);
      if (point && !(typeof found === "object" && found.type === FileType.DIRECTORY)) {
        return { parent, name, inode: wayTo(point), mount: ON_THE_WAY, top: undefined, point };
      }
      if (typeof found !== "object") return found;
      return { parent, name, inode: found, mount: parent.mount, top: parent.top ?? parent, point };
    },
    holder(parent, name) {
      const mounted = parent.point?.children.get(name)?.mounted;
      if (mounted?.source.kind === "name") {
        return { directory: mounted.source.holder, mount: mounted.mount, name: mounted.source.name };
      }
      return { directory: parent.inode.directory, mount: parent.mount, name };
    },
    list(place, caller) {
      const below = place.inode.directory?.list(caller) ?? [];
      const points = place.point?.children;
      if (!points || points.size === 0) return below;
      const names = new Map(below.map((entry) => [entry.name, entry]));
      for (const [name, point] of points) {
        const inode = point.mounted
          ? topOf(point.mounted.source, caller)
          : names.has(name)
            ? undefined
            : wayTo(point);
        if (typeof inode === "object") names.set(name, entryOf(name, inode));
      }
      return [...names.values()];
    },
  };
}

/** Whether a place holds the tree together: it can be neither removed nor renamed (EBUSY). */
export function isMountPoint({ point }: Place): boolean {
  return point !== undefined && (point.children.size > 0 || point.mounted?.source.kind !== "name");
}
