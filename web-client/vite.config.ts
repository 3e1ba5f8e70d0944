import { defaultClientConditions, defineConfig } from 'vite';

const hub = `http://127.0.0.1:${process.env['PARLEY_HTTP_PORT'] ?? '8080'}`;

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
  build: {
    // The first releases with light-dark(), so that the stylesheet is served as it is written.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    sourcemap: true,
    // The page's policy allows no `data:` modules or styles; icons are inline templates.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // MQTT.js alone is 340 kB; all of it is 134 kB on the wire with brotli.
    chunkSizeWarningLimit: 640,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      '/api': hub,
      '/healthz': hub,
      '/readyz': hub,
      '/mqtt': { target: hub, ws: true },
    },
  },
});
