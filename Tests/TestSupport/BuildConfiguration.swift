// SPDX-License-Identifier: Apache-2.0

/// How the tests were built.
public enum BuildConfiguration {
    /// True in release builds.
    public static var isOptimized: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }
}
