// Loaded before a suite of W3C: gives their shared library the contexts that their own fixtures use and that its
// loader does not have, from the packages that the suite installs. Without them vc-di-bbs makes no credential to
// verify. Nothing of the suites is changed on disk.
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const require = createRequire(join(process.cwd(), 'package.json'));
const PACKAGES = ['@digitalbazaar/vdl-context'];

async function find(name) {
  try {
    return await import(pathToFileURL(require.resolve(name)).href);
  } catch (error) {
    if (['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(error.code)) return undefined;
    throw error;
  }
}

const library = await find('data-integrity-test-suite-assertion/vc-generator/contexts.js');
for (const name of library === undefined ? [] : PACKAGES) {
  const found = await find(name);
  for (const [url, document] of found?.contexts ?? found?.default?.contexts ?? []) {
    if (!library.contextMap.has(url)) library.contextMap.set(url, document);
  }
}
