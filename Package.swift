// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The inference code is compiled for AVX2 and FMA, without which Swift's SIMD types become SSE2. `CProcessorFeatures`
/// checks the machine before any of it runs. On arm64 NEON needs no flag.
#if arch(x86_64)
let vectorFlags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
let wideVectorFlags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=x86-64-v4"]), .define("AVX512")]
#else
let vectorFlags: [SwiftSetting] = []
let wideVectorFlags: [SwiftSetting] = [.define("AVX512")]
#endif

/// An asynchronous function goes on where its caller is (SE-0461): a request that has its answer at hand changes no thread.
let staysPut: [SwiftSetting] = [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

let package = Package(
    name: "faceserver",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "faceserver", targets: ["FaceServer"]),
        .library(name: "MiniHTTP", targets: ["MiniHTTP"]),
        .library(name: "GANKit", targets: ["GANKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // Without its reader of YAML, which needs all of Foundation.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.0"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // The revision is an environment variable of the build, because a manifest's own look at git is cached.
        .target(
            name: "CBuildRevision",
            cSettings: [.define("BUILD_REVISION", to: "\"\(Context.environment["BUILD_REVISION"] ?? "unknown")\"")]
        ),
        .target(name: "CProcessorFeatures"),
        .systemLibrary(name: "CProcessorHints"),
        .target(
            name: "MiniHTTP",
            dependencies: [
                "CEpoll",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: staysPut
        ),
        .target(
            name: "GANKit",
            dependencies: [
                "CJPEG", "CPNG", "CProcessorFeatures", "CProcessorHints", "CWebP", "CZlib", "GANKernels",
                "GANKernelsAVX512",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: vectorFlags
        ),
        .target(name: "GANKernels", dependencies: ["CProcessorHints"], swiftSettings: vectorFlags),
        // Symbolic links to the files of GANKernels, but for the matrix product.
        .target(
            name: "GANKernelsAVX512", dependencies: ["CProcessorHints", "GANKernels"], swiftSettings: wideVectorFlags),
        .executableTarget(
            name: "FaceServer",
            dependencies: [
                "CBuildRevision", "CMalloc", "CProcessorFeatures", "CYAML", "FaceServerResources", "GANKit", "MiniHTTP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["Resources"],
            swiftSettings: staysPut
        ),
        // Of C, which can embed files, and because what the package manager adds to a Swift target with resources needs all of
        // Foundation.
        .target(
            name: "FaceServerResources",
            path: "Sources/FaceServer/Resources",
            exclude: ["Page"],
            resources: [.copy("Models")]
        ),
        .systemLibrary(
            name: "CWebPDemux", path: "Tests/CWebPDemux", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
        .target(name: "TestSupport", dependencies: [], path: "Tests/TestSupport"),
        .testTarget(
            name: "GANKitTests",
            dependencies: ["CJPEG", "CPNG", "CWebP", "CWebPDemux", "GANKernels", "GANKit", "TestSupport"]),
        .testTarget(name: "MiniHTTPTests", dependencies: ["MiniHTTP", "TestSupport"]),
        .testTarget(
            name: "FaceServerTests",
            dependencies: [
                "CProcessorFeatures", "FaceServer", "GANKit", "MiniHTTP", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
