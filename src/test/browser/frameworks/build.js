// Builds the apps with Vite, as shops do: for browsers, and for the server that renders their pages.

import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';

const HERE = import.meta.dirname;

/** The modules of each framework's app. */
export const APPS = {
  React: { client: 'react/client.jsx', server: 'react/server.jsx' },
  Vue: { client: 'vue/client.js', server: 'vue/server.js' },
  Svelte: { client: 'svelte/client.js', server: 'svelte/server.js' },
};

/**
 * Builds all apps into a folder, as `client/React.js`, `server/React.js` and so on.
 *
 * @param element the folder of the element's npm package
 */
export async function buildApps(element, folder) {
  for (const side of ['client', 'server']) {
    const input = Object.fromEntries(Object.entries(APPS).map(([name, app]) => [name, join(HERE, app[side])]));
    await build({
      root: HERE,
      configFile: false,
      logLevel: 'warn',
      plugins: [
        vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'product-canvas' } } }),
        svelte({ configFile: false }),
      ],
      resolve: { alias: { '@canvas-media/product-canvas': join(element, 'product-canvas.js') } },
      build: {
        ssr: side === 'server',
        outDir: join(folder, side),
        emptyOutDir: true,
        rollupOptions: { input, output: { entryFileNames: '[name].js' } },
      },
    });
  }
}
