// SPDX-License-Identifier: Apache-2.0

import FaceServerResources

/// The files of the page, which are part of the program.
enum PageFiles {
    /// By name: first the frame that the page is rendered into, then what it asks for.
    static let all = UnsafeBufferPointer(start: page_files(), count: page_file_count()).map { file in
        (name: String(cString: file.name), bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }

    static let template = String(decoding: all[0].bytes, as: UTF8.self)
    static let assets = all.dropFirst()
}
