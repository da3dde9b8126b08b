// SPDX-License-Identifier: Apache-2.0

/// A zip archive of stored members, each of whose fields a test may spoil.
struct ZipFile {
    struct Member {
        var name: String
        var data: [UInt8]
        var flags: UInt16 = 0x0808
        var method: UInt16 = 0
        /// In place of the name, in the local header.
        var localName: String?
        /// In place of where the local header lies.
        var headerOffset: UInt32?
        var size: UInt32?
        var compressedSize: UInt32?
        var centralExtra: [UInt8] = []
        /// `torch.save` fills up the extra field so that data begins at a multiple of 64.
        var isAligned = false

        init(_ name: String, _ data: [UInt8]) {
            self.name = name
            self.data = data
        }
    }

    var members: [Member]
    var comment: [UInt8] = []
    var hasWideEnd = false
    /// In place of the number of members, the size and the offset of the directory.
    var count: UInt16?
    var directorySize: UInt32?
    var directoryOffset: UInt32?
    /// In place of where the 64-bit end lies.
    var wideOffset: UInt64?
    var disk: UInt16 = 0

    init(_ members: [Member]) {
        self.members = members
    }

    var bytes: [UInt8] {
        var output: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = output.count
            let name = Array((member.localName ?? member.name).utf8)
            var extra: [UInt8] = []
            if member.isAligned {
                let end = offset + 30 + name.count + 4
                let filler = (64 - end % 64) % 64
                extra =
                    Array("FB".utf8) + [UInt8](littleEndian: UInt16(filler)) + [UInt8](repeating: 0x5a, count: filler)
            }
            output += [UInt8](littleEndian: UInt32(0x0403_4b50)) + [0, 0]
            output += [UInt8](littleEndian: member.flags) + [UInt8](littleEndian: member.method)
            // Time, CRC and sizes, which are zero before a data descriptor.
            output += [UInt8](repeating: 0, count: 16)
            output += [UInt8](littleEndian: UInt16(name.count)) + [UInt8](littleEndian: UInt16(extra.count))
            output += name + extra + member.data

            let size = member.size ?? UInt32(member.data.count)
            directory += [UInt8](littleEndian: UInt32(0x0201_4b50)) + [0, 0, 0, 0]
            directory += [UInt8](littleEndian: member.flags) + [UInt8](littleEndian: member.method)
            directory += [UInt8](repeating: 0, count: 8)
            directory += [UInt8](littleEndian: member.compressedSize ?? size) + [UInt8](littleEndian: size)
            directory += [UInt8](littleEndian: UInt16(member.name.utf8.count))
            directory += [UInt8](littleEndian: UInt16(member.centralExtra.count)) + [UInt8](repeating: 0, count: 10)
            directory += [UInt8](littleEndian: member.headerOffset ?? UInt32(offset))
            directory += Array(member.name.utf8) + member.centralExtra
        }
        let offset = UInt32(output.count)
        output += directory
        if hasWideEnd {
            let wide = UInt64(output.count)
            output += [UInt8](littleEndian: UInt32(0x0606_4b50)) + [UInt8](littleEndian: UInt64(44))
            output += [0, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
            output += [UInt8](littleEndian: UInt64(members.count)) + [UInt8](littleEndian: UInt64(members.count))
            output += [UInt8](littleEndian: UInt64(directory.count)) + [UInt8](littleEndian: UInt64(offset))
            output += [UInt8](littleEndian: UInt32(0x0706_4b50)) + [0, 0, 0, 0]
            output += [UInt8](littleEndian: wideOffset ?? wide) + [1, 0, 0, 0]
        }
        let number = count ?? UInt16(members.count)
        output += [UInt8](littleEndian: UInt32(0x0605_4b50)) + [UInt8](littleEndian: disk) + [0, 0]
        output += [UInt8](littleEndian: number) + [UInt8](littleEndian: number)
        output += [UInt8](littleEndian: directorySize ?? UInt32(directory.count))
        output += [UInt8](littleEndian: directoryOffset ?? offset)
        output += [UInt8](littleEndian: UInt16(comment.count)) + comment
        return output
    }
}
