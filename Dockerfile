# SPDX-License-Identifier: Apache-2.0
#
#   docker build --build-arg BUILD_REVISION=$(git describe --always --dirty) -t faceserver .
#   docker run --rm -p 8080:8080 faceserver
#
# `make image-test` builds this file and runs what comes out.

ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libjpeg-dev libpng-dev libwebp-dev libyaml-dev zlib1g-dev \
        pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The dependencies change seldom: they are fetched before the sources come.
COPY Package.swift ./
RUN swift package resolve
COPY Sources ./Sources
# Package.swift names the tests' targets too, which must exist.
COPY Tests ./Tests
ARG BUILD_REVISION=unknown
# What the program is linked with statically, which is all of Swift, needs no package in the image.
RUN swift build -c release --product faceserver --static-swift-stdlib \
    && mkdir -p /install/bin /install/share/faceserver /models \
    && cp .build/release/faceserver /install/bin/ \
    && strip /install/bin/faceserver \
    && cp -r .build/release/faceserver_FaceServerResources.resources/. /install/share/faceserver/

FROM ${BASE_IMAGE}
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libjpeg62-turbo libpng16-16 libwebp7 libyaml-0-2 zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/lib/dpkg/*-old /var/log/*
COPY --from=build /install /usr/local
# Mount checkpoints here: relative paths begin here.
COPY --from=build /models /models
WORKDIR /models
# Numeric, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENV FACESERVER_HTTP_HOST=0.0.0.0
EXPOSE 8080
ARG BUILD_REVISION=unknown
LABEL org.opencontainers.image.title="FaceServer" \
    org.opencontainers.image.description="Generated faces, one URL each: StyleGAN over HTTP on the CPU" \
    org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-NC-SA-4.0" \
    org.opencontainers.image.revision="${BUILD_REVISION}" \
    org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
# The program itself is process 1 and gets the signals.
ENTRYPOINT ["faceserver"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=4s --start-period=10s CMD ["faceserver", "healthcheck"]
