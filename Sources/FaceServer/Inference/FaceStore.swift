// SPDX-License-Identifier: Apache-2.0

/// Where finished pictures are kept: in memory and, if there is a folder for them, on disk.
struct FaceStore: Sendable {
    let memory: LRUCache<FaceKey, RenderedFace>
    let disk: DiskCache?
    let metrics: ServerMetrics

    /// What is kept in memory.
    func recalled(_ key: FaceKey) -> RenderedFace? {
        let face = memory.value(for: key)
        face == nil ? metrics.recordCacheMiss(.memory) : metrics.recordCacheHit(.memory)
        return face
    }

    /// What is kept on disk.
    func fetched(_ key: FaceKey) async -> RenderedFace? {
        guard let disk else { return nil }
        let file = await disk.value(for: key)
        file == nil ? metrics.recordCacheMiss(.disk) : metrics.recordCacheHit(.disk)
        return file.map { RenderedFace(file: $0) }
    }

    /// Keeps a file wherever there is room for it.
    func keep(_ file: [UInt8], for key: FaceKey) {
        memory.insert(RenderedFace(file: file), for: key)
        disk?.insert(file, for: key)
    }
}
