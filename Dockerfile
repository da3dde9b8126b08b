# SPDX-License-Identifier: Apache-2.0
#
#   docker build --build-arg BUILD_REVISION=$(git describe --always --dirty) -t faceserver .
#   docker run --rm -p 8080:8080 faceserver

ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libopenblas-dev libpng-dev zlib1g-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The dependencies change seldom: fetch them before the sources come.
COPY Package.swift ./
RUN swift package resolve
COPY Sources ./Sources
# Package.swift names the tests' targets too, which must exist.
COPY Tests ./Tests
ARG BUILD_REVISION=unknown
RUN swift build -c release --product faceserver --static-swift-stdlib \
    && mkdir -p /install/bin \
    && cp .build/release/faceserver /install/bin/ \
    && strip /install/bin/faceserver \
    && cp -r .build/release/faceserver_FaceServer.resources /install/bin/

FROM ${BASE_IMAGE}
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libopenblas0-pthread libpng16-16 zlib1g \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /install /usr/local
USER 65532:65532
ENV FACESERVER_HTTP_HOST=0.0.0.0
EXPOSE 8080
ENTRYPOINT ["faceserver"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["faceserver", "healthcheck"]
