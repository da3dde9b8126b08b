// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging

/// Accepts connections from a listening socket until it is stopped.
///
/// When the process is out of descriptors, accepting pauses for `pause` and goes on; waiting connections stay in the
/// kernel's queue meanwhile.
///
/// `@unchecked Sendable` because everything mutable is touched only on `queue`.
final class SocketListener: @unchecked Sendable {
    private static let pause = DispatchTimeInterval.milliseconds(100)

    private let socket: Socket
    private let queue: DispatchQueue
    private let logger: Logger
    private let source: any DispatchSourceRead
    private let accept: @Sendable () -> Socket.Acceptance
    private let onAccept: @Sendable (Socket, SocketAddress?) -> Void
    private var isPaused = false
    private var isStopped = false
    private var onStopped: (@Sendable () -> Void)?

    /// Takes over `socket`, which must be listening. `onAccept` is called on `queue` and owns the socket it is given.
    /// `accept` stands in for the socket's own in tests of what fails.
    init(
        socket: Socket, queue: DispatchQueue, logger: Logger, accept: (@Sendable () -> Socket.Acceptance)? = nil,
        onAccept: @escaping @Sendable (Socket, SocketAddress?) -> Void
    ) {
        self.socket = socket
        self.queue = queue
        self.logger = logger
        self.accept = accept ?? { socket.accept() }
        self.onAccept = onAccept
        source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
    }

    /// Starts accepting.
    func start() {
        source.setEventHandler { [weak self] in self?.acceptWaiting() }
        source.setCancelHandler {
            self.socket.close()
            self.onStopped?()
        }
        source.resume()
    }

    /// Takes the connections that are waiting, then closes the listening socket and calls `completion`. While accepting
    /// pauses none can be taken: the kernel resets those that wait.
    func stop(_ completion: @escaping @Sendable () -> Void) {
        queue.async {
            guard !self.isStopped else { return completion() }
            // The kernel resets connections that wait on a listening socket when it closes.
            if !self.isPaused { self.acceptWaiting() }
            self.isStopped = true
            self.onStopped = completion
            // A cancel handler only runs on a source that is not suspended.
            if self.isPaused { self.source.resume() }
            self.source.cancel()
        }
    }

    private func acceptWaiting() {
        while !isStopped, !isPaused {
            switch accept() {
            case .accepted(let connection, let address): onAccept(connection, address)
            case .lost: continue
            case .wouldBlock: return
            case .failed(let error):
                logger.error("accepting pauses", metadata: ["error": "\(error)"])
                pauseAccepting()
            }
        }
    }

    /// The source would fire again at once, since the connection still waits.
    private func pauseAccepting() {
        isPaused = true
        source.suspend()
        queue.asyncAfter(deadline: .now() + Self.pause) { [weak self] in
            guard let self, self.isPaused, !self.isStopped else { return }
            self.isPaused = false
            self.source.resume()
        }
    }
}
