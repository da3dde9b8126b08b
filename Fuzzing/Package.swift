// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The targets of `make fuzz`. A package of its own, since a fuzzer has libFuzzer's `main` and is of no use without the
/// instrumentation.
///
/// Each target is one property of the tests (symbolic links) and an entry that calls it. Those of the interface's grammars link to
/// the files that they try too, because another package cannot import a program.
let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "faceserver", path: ".."),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.0"..<"5.0.0"),
    ],
    targets: [
        .target(name: "FuzzSupport"),
        .executableTarget(
            name: "FuzzHTTPRequestParser",
            dependencies: ["FuzzSupport", .product(name: "MiniHTTP", package: "faceserver")]),
        .executableTarget(
            name: "FuzzAcceptField",
            dependencies: ["FuzzSupport", .product(name: "MiniHTTP", package: "faceserver")]),
        .executableTarget(
            name: "FuzzHTTPConnection",
            dependencies: [
                "FuzzSupport",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "MiniHTTP", package: "faceserver"),
            ]),
    ]
        + ["FaceQuery", "LatentBody"].map { grammar in
            .executableTarget(
                name: "Fuzz\(grammar)",
                dependencies: [
                    "FuzzSupport",
                    .product(name: "Crypto", package: "swift-crypto"),
                    .product(name: "GANKit", package: "faceserver"),
                ])
        }
        + ["Pickle", "Safetensors", "TensorBundle", "TorchSave"].map { format in
            .executableTarget(
                name: "Fuzz\(format)", dependencies: ["FuzzSupport", .product(name: "GANKit", package: "faceserver")])
        },
    swiftLanguageModes: [.v6]
)
