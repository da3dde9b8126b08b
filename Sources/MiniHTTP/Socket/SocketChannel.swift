// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A connected socket with its Dispatch sources. The descriptor is closed when the last source has let go of it, so a
/// source never watches a number that a new connection has been given.
///
/// `@unchecked Sendable` because everything mutable is touched only on `queue`.
final class SocketChannel: @unchecked Sendable {
    let socket: Socket
    private let queue: DispatchQueue
    private let readSource: any DispatchSourceRead
    /// Made when the socket first refuses a write: most responses fit into its buffer.
    private var writeSource: (any DispatchSourceWrite)?
    private var isReading = false
    private var isAwaitingWritable = false
    private var isClosed = false
    private var openSources = 1
    private let onWritable: @Sendable () -> Void
    private let onClosed: @Sendable () -> Void

    /// Watches nothing yet. `onReadable` and `onWritable` are called on `queue` and must not retain the channel;
    /// `onClosed` is called there once the descriptor is closed.
    init(
        socket: Socket,
        queue: DispatchQueue,
        onReadable: @escaping @Sendable () -> Void,
        onWritable: @escaping @Sendable () -> Void,
        onClosed: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.queue = queue
        self.onWritable = onWritable
        self.onClosed = onClosed
        readSource = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
        readSource.setEventHandler(handler: onReadable)
        // The sources keep the channel, and the descriptor with it, until they are cancelled; `close` ends that.
        readSource.setCancelHandler { self.sourceCancelled() }
    }

    /// Whether `onReadable` is called. Returns whether that is new.
    func setReading(_ wanted: Bool) -> Bool {
        guard wanted != isReading, !isClosed else { return false }
        isReading = wanted
        if wanted {
            readSource.resume()
        } else {
            readSource.suspend()
        }
        return true
    }

    /// Whether `onWritable` is called.
    func setAwaitingWritable(_ wanted: Bool) {
        guard wanted != isAwaitingWritable, !isClosed else { return }
        isAwaitingWritable = wanted
        if wanted {
            let source = writeSource ?? makeWriteSource()
            source.resume()
        } else {
            writeSource?.suspend()
        }
    }

    /// Stops both sources, then closes the descriptor.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        // A cancel handler only runs on a source that is not suspended.
        if !isReading { readSource.resume() }
        readSource.cancel()
        if let writeSource {
            if !isAwaitingWritable { writeSource.resume() }
            writeSource.cancel()
        }
    }

    private func makeWriteSource() -> any DispatchSourceWrite {
        let source = DispatchSource.makeWriteSource(fileDescriptor: socket.descriptor, queue: queue)
        source.setEventHandler(handler: onWritable)
        source.setCancelHandler { self.sourceCancelled() }
        openSources += 1
        writeSource = source
        return source
    }

    private func sourceCancelled() {
        openSources -= 1
        if openSources == 0 {
            socket.close()
            onClosed()
        }
    }
}
