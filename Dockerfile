# The base images are arguments, for mirrors and for machines without a registry (docs/operators.md, "The container"):
# BUILD_IMAGE needs Rust 1.95 and either gcc or apt; RUNTIME_IMAGE glibc 2.36 or later, libgcc and nothing else.
ARG BUILD_IMAGE=docker.io/library/rust:1.95-slim-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

# Build: gcc is all that the C parts (aws-lc, mimalloc) need.
FROM ${BUILD_IMAGE} AS build
RUN command -v gcc >/dev/null && test -s /etc/ssl/certs/ca-certificates.crt \
 || (apt-get update && apt-get install --no-install-recommends -y gcc libc6-dev ca-certificates && rm -rf /var/lib/apt/lists/*)
WORKDIR /src
COPY . .
# The list of what the binary is made of (CycloneDX), for scanners; empty it with SBOM=0 where time is short.
ARG SBOM=1
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release --package gateway --bin rollcall \
 && install -D target/release/rollcall /out/usr/local/bin/rollcall \
 && if [ "$SBOM" = 1 ]; then deploy/container/sbom.sh /out/usr/share/rollcall/rollcall.cdx.json; fi
# The certificate authorities that providers are checked against, and a user that owns nothing.
RUN install -D -m 644 /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ca-certificates.crt \
 && printf 'root:x:0:0:root:/:/sbin/nologin\nrollcall:x:10001:10001:rollcall:/:/sbin/nologin\n' > /out/etc/passwd \
 && printf 'root:x:0:\nrollcall:x:10001:\n' > /out/etc/group

# Run: nothing is executed here, so the base needs no shell; nothing is written, so its root can be read-only.
FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="Who is live, right now, on which video provider: one API over Huddle01 and Cloudflare RealtimeKit" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/ /
ENV PATH=/usr/local/bin:/usr/bin:/bin
USER 10001:10001
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s CMD ["rollcall", "health"]
ENTRYPOINT ["rollcall"]
CMD ["serve", "--config", "/etc/rollcall/rollcall.toml"]
