import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Where the program is, or a sentence that says why it cannot be run. */
export type Found = { program: string } | { problem: string; looked: string[] };

/**
 * The program that a setting means. It is looked for here and not by the system, because some systems look into the current folder
 * first, which is the workspace. Where the workspace is not trusted, `untrusted` are its folders: nothing in them is run.
 */
export function find(setting: string, untrusted: string[]): Found {
  const written = setting.trim() || "mlopsc";
  const wanted = written.startsWith("~/") ? path.join(os.homedir(), written.slice(2)) : written;
  if (path.isAbsolute(wanted)) {
    return first([wanted], untrusted) ?? { problem: `"${written}", the setting mlopsc.path, is no program that can be run.`, looked: [wanted] };
  }
  if (/[/\\]/.test(wanted)) {
    const problem = `"${written}", the setting mlopsc.path, has to be an absolute path, or a name that is looked up in PATH.`;
    return { problem, looked: [] };
  }
  const looked = folders().map((it) => path.join(it, wanted));
  const problem = `"${written}" is not installed, or not in the PATH that this editor sees. Install it with "pip install mlopsc", or say in mlopsc.path where it is.`;
  return first(looked, untrusted) ?? { problem, looked };
}

/** Those of `PATH`, and where pip and cargo put programs of a user: editors that were not started by a shell do not know them. */
function folders(): string[] {
  const listed = (process.env.PATH ?? "").split(path.delimiter);
  const home = [".local/bin", ".cargo/bin"].map((it) => path.join(os.homedir(), it));
  return [...new Set([...listed, ...home])].filter((it) => path.isAbsolute(it));
}

function first(places: string[], untrusted: string[]): Found | undefined {
  const ends = process.platform === "win32" ? ["", ".exe"] : [""];
  for (const program of places.flatMap((it) => ends.map((end) => it + end))) {
    if (isProgram(program) && !untrusted.some((it) => isIn(program, it))) {
      return { program };
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Also where a link leads into the folder. */
function isIn(file: string, folder: string): boolean {
  const inside = (way: string) => way !== "" && !way.startsWith("..") && !path.isAbsolute(way);
  return inside(path.relative(folder, file)) || inside(path.relative(real(folder), real(file)));
}

function real(it: string): string {
  try {
    return fs.realpathSync(it);
  } catch {
    return it;
  }
}
