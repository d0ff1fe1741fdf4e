# syntax=docker/dockerfile:1

# Build: gcc is all that the C parts (aws-lc, mimalloc) need.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
 && apt-get install --no-install-recommends -y gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release --package gateway --bin rollcall \
 && install -D target/release/rollcall /out/rollcall

# Run: the binary, the certificate authorities it needs to call providers, and a user that owns nothing.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --no-install-recommends -y ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin rollcall
COPY --from=build /out/rollcall /usr/local/bin/rollcall
USER 10001:10001
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
ENTRYPOINT ["rollcall"]
CMD ["serve", "--config", "/etc/rollcall/rollcall.toml"]
