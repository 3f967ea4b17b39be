# The server alone, with what it needs at run time. It keeps its data in PostgreSQL (DATABASE_URL), or else in the volume /data.
FROM node:24-slim
WORKDIR /app
COPY . .
RUN npm ci --omit=dev --workspace @leads/server --workspace @leads/contract --include-workspace-root=false --no-audit --no-fund --ignore-scripts \
  && node --import ./scripts/preload.mjs packages/server/scripts/build-database.ts \
  && mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 LEADS_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD node -e "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"
# Not by npm: SIGTERM and SIGHUP go to the server itself.
CMD ["node", "--import", "./scripts/preload.mjs", "packages/server/src/main.ts"]
