# One image for the hub and, with another command, the simulator. slim (glibc) rather than alpine: the embedded store,
# LMDB, is a native module.
ARG NODE_IMAGE=node:24-bookworm-slim

# The manifests alone, so that a change of the sources keeps the installed packages of both stages below.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY shared/package.json shared/
COPY broker/package.json broker/
COPY web-client/package.json web-client/
COPY device-sim/package.json device-sim/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY . .
RUN npx tsc -b broker device-sim \
  && npm run build --workspace web-client \
  && rm -f */dist/.tsbuildinfo

FROM manifests AS production
RUN npm ci --omit=dev --ignore-scripts --workspace shared --workspace broker --workspace device-sim \
  && rm -rf web-client package-lock.json

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Parley" \
  org.opencontainers.image.description="One self-hosted hub where people and devices talk over MQTT" \
  org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY --from=production /app ./
COPY LICENSE ./
COPY --from=build /app/shared/dist shared/dist
COPY --from=build /app/broker/bin broker/bin
COPY --from=build /app/broker/dist broker/dist
COPY --from=build /app/web-client/dist web-client/dist
COPY --from=build /app/device-sim/bin device-sim/bin
COPY --from=build /app/device-sim/dist device-sim/dist
COPY --from=build /app/device-sim/scenarios device-sim/scenarios

# Only what is published reaches a container, so inside it every address may listen.
ENV NODE_ENV=production PARLEY_HOST=0.0.0.0 PARLEY_DATA_DIR=/data
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 1883 8080
STOPSIGNAL SIGTERM
# Plain http: with tlsCert set, give the container a healthcheck of its own.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PARLEY_HTTP_PORT || 8080) + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "broker/bin/parley.js", "start"]
