# SPDX-License-Identifier: Apache-2.0

SWIFT ?= swift
export SWIFT

# What `faceserver serve` is started with: make serve ARGUMENTS='--port 9000 --model ffhq.pkl'
ARGUMENTS ?=

# What `faceserver_build_info` says.
BUILD_REVISION ?= $(shell git describe --always --dirty 2>/dev/null || echo unknown)
export BUILD_REVISION

PACKAGES := libjpeg-dev libpng-dev libwebp-dev libyaml-dev zlib1g-dev pkg-config ca-certificates git
TEST_PACKAGES := $(PACKAGES) xz-utils python3-pip
PAGE_PACKAGES := chromium fonts-dejavu-core python3 xz-utils
# OpenBLAS is what the program's own matrix product is compared with.
BENCH_PACKAGES := $(PACKAGES) libopenblas0-pthread

BUILD := $(SWIFT) build -c release --explicit-target-dependency-import-check error
# Tests see internal declarations and need the speed of a release build, so they have a build folder of their own.
TEST_FLAGS := -c release -Xswiftc -enable-testing --scratch-path .build-test
TSAN_FLAGS := --scratch-path .build-tsan --sanitize thread -Xswiftc -DTHREAD_SANITIZER

# Where `make install` puts the program, its configuration and its systemd unit. DESTDIR comes before all of them, for those
# who make packages.
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=

# What is installed has Swift's libraries inside and needs no toolchain to run.
STATIC ?= .build-static/release
DIST := faceserver-$(BUILD_REVISION)-linux-$(shell uname -m)

.PHONY: help serve build test api-test cluster-test page-test pictures image-test soak test-tsan fuzz bench bench-http bench-slow-clients compare lint static install dist clean

help: ## Lists the targets.
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | column -t -s '|'

serve: build ## Builds and starts the server on http://127.0.0.1:8080.
	.build/release/faceserver serve $(ARGUMENTS)

build: ## Installs what is missing and builds .build/release/faceserver.
	scripts/setup.sh $(PACKAGES)
	$(BUILD) --product faceserver

# One module after the other, the quick ones first: networks keep all cores busy, which the live tests would feel.
test: ## Installs what is missing and runs every test.
	scripts/setup.sh $(TEST_PACKAGES)
	$(SWIFT) build $(TEST_FLAGS) --build-tests --explicit-target-dependency-import-check error
	for module in MiniHTTPTests FaceServerTests GANKitTests; do \
	    $(SWIFT) test $(TEST_FLAGS) --skip-build --filter "^$$module\." || exit 1; \
	done

cluster-test: build ## Runs three servers behind nginx, kills and restarts them, and looks for errors.
	scripts/setup.sh nginx python3
	scripts/cluster_test.py

page-test: build ## Tries the page in a headless Chromium.
	scripts/setup.sh $(PAGE_PACKAGES)
	python3 -m unittest discover --verbose --start-directory Tests/Page --pattern "*_test.py"

soak: build ## Has a crowd of clients do all that clients do for a minute, and looks for errors and leaks.
	scripts/setup.sh python3
	scripts/soak.py

pictures: build ## Makes the README's pictures by the commands under them.
	scripts/setup.sh $(PAGE_PACKAGES)
	scripts/pictures.py

image-test: build ## Builds the Dockerfile with buildah and runs what comes out (as root; some 10 minutes).
	scripts/setup.sh buildah debootstrap python3
	scripts/image_test.py

test-tsan: ## Runs the HTTP server's tests under the thread sanitizer.
	scripts/setup.sh $(TEST_PACKAGES)
	$(SWIFT) build $(TSAN_FLAGS) --build-tests
	TSAN_OPTIONS=halt_on_error=1 $(SWIFT) test $(TSAN_FLAGS) --skip-build --filter '^MiniHTTPTests\.'

api-test: build ## Runs the server against its own description with schemathesis (from PyPI).
	scripts/setup.sh curl python3-venv
	scripts/api_test.sh

fuzz: ## Runs every fuzz target for FUZZ_SECONDS (60), with libFuzzer and the address sanitizer.
	scripts/setup.sh $(PACKAGES)
	scripts/fuzz.sh

bench: build ## Measures pictures, PNG, memory, start-up and layers on this machine.
	scripts/setup.sh $(BENCH_PACKAGES)
	Benchmarks/bench.py

bench-http: build ## Compares the HTTP server with nginx.
	scripts/setup.sh curl nginx wrk
	Benchmarks/http.sh

bench-slow-clients: build ## Attacks the server with slowhttptest while wrk asks it for pictures.
	scripts/setup.sh curl slowhttptest wrk
	Benchmarks/slow-clients.sh

compare: build ## Times faceserver against PyTorch, ONNX Runtime and OpenVINO (see Benchmarks/README.md).
	Benchmarks/compare.py

# Foundation is four fifths of a static program: FoundationEssentials and Glibc have what is needed of it.
lint: ## Checks the format of every Swift file.
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks Fuzzing
	! grep -rnwE 'import +Foundation' Sources

static: ## Builds the program that is installed, with Swift's libraries inside.
	scripts/setup.sh $(PACKAGES)
	$(BUILD) --product faceserver --static-swift-stdlib --scratch-path .build-static

install: ## Installs what `make static` has built, and a systemd unit; see PREFIX, SYSCONFDIR and DESTDIR.
	scripts/install.sh $(STATIC) "$(DESTDIR)" "$(PREFIX)" "$(SYSCONFDIR)"

dist: static ## Packs .build-static/faceserver-REVISION-linux-MACHINE.tar.gz, to be unpacked and run anywhere.
	scripts/dist.sh $(STATIC) .build-static/$(DIST)

clean: ## Removes everything that was built.
	rm -rf .build .build-*
