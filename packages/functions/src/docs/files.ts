import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A file as it is served. */
export interface ServedFile {
  readonly path: string;
  readonly type: string;
  readonly caching: string;
  /** Of the content, whatever its encoding. */
  readonly hash: string;
  readonly content: Uint8Array;
  /** Absent where compression gains nothing. */
  readonly gzipped?: () => Promise<Uint8Array>;
}

const typeByExtension: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  txt: "text/plain; charset=utf-8",
};

/** What changes under one address: the client asks each time, and mostly hears that it has not. */
const revalidated = "no-cache";

/** What has its hash in its address: for a year, the longest that caches are asked for. */
const immutable = "public, max-age=31536000, immutable";

const compress = promisify(gzip);

const hashChars = 16; // 64 bits: nobody can choose the files, they only must not meet by chance

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, hashChars);
}

function serve(path: string, extension: string, caching: string, content: Uint8Array): ServedFile {
  const type = typeByExtension[extension];
  if (type === undefined) {
    throw new Error(`no media type is known for ${path}`);
  }
  let compressed: Promise<Uint8Array> | undefined;
  const gzipped = () => {
    compressed ??= compress(content, { level: 9 });
    return compressed;
  };
  return { path, type, caching, hash: hashOf(content), content, ...(extension === "png" ? {} : { gzipped }) };
}

/** Each name in double braces becomes the address of that asset; a name without a file is a bug. */
function fillPage(template: string, assetByName: ReadonlyMap<string, ServedFile>): string {
  return template.replace(/\{\{([^}]+)\}\}/g, (_, name: string) => {
    const asset = assetByName.get(name);
    if (asset === undefined) {
      throw new Error(`the page refers to ${name}, which is not among the assets`);
    }
    return asset.path;
  });
}

const assetNames = ["swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon-32x32.png"] as const;

/** The licences of what is in the bundle, by the name that the bundle's first line gives them. */
const licences = "swagger-ui-bundle.js.LICENSE.txt";

/** What the function's package has beside the bundle. */
export const fileNames = ["openapi.json", "index.html", licences, ...assetNames] as const;

export type FileName = (typeof fileNames)[number];

function serveAsset(name: string, content: Uint8Array): ServedFile {
  const [stem = "", extension = ""] = name.split(/\.(?=\w+$)/);
  return serve(`/docs/${stem}.${hashOf(content)}.${extension}`, extension, immutable, content);
}

export function createServedFiles(contentOf: (name: FileName) => Uint8Array): readonly ServedFile[] {
  const assetByName = new Map(assetNames.map((name) => [name as string, serveAsset(name, contentOf(name))]));
  const page = fillPage(new TextDecoder().decode(contentOf("index.html")), assetByName);
  return [
    serve("/openapi.json", "json", revalidated, contentOf("openapi.json")),
    serve("/docs", "html", revalidated, new TextEncoder().encode(page)),
    serve(`/docs/${licences}`, "txt", revalidated, contentOf(licences)),
    ...assetByName.values(),
  ];
}

/** Reads the files of one folder, once: they are some 2 MB. */
export function readServedFiles(folder: URL): readonly ServedFile[] {
  return createServedFiles((name) => readFileSync(new URL(name, folder)));
}
