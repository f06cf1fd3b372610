/** How much has to be loaded before the first screen is there, compressed, and that it stays below the limit. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 200;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** A chunk with all that it needs at once. */
function closure(name, files = new Set()) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`the build has no ${name}`);
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const other of chunk.imports ?? []) closure(other, files);
  return files;
}

const files = closure('src/screens/overview.tsx', closure('index.html'));
const size = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
const bytes = [...files].reduce((sum, file) => sum + size(file), 0);
const kb = (bytes / 1000).toFixed(1);
console.log(`first load: ${kb} kB compressed in ${files.size} files, of at most ${LIMIT_KB}`);
if (bytes > LIMIT_KB * 1000) process.exit(1);
