// SPDX-License-Identifier: Apache-2.0

extension HTTPConnection {
    /// Runs what makes the body of the response whose head was sent last.
    func startStream(_ id: StateMachine.RequestID, _ stream: HTTPBodyStream) {
        guard isOpen else { return }
        tasks[id] = runner.run(
            stream, on: loop,
            send: { piece, sender in
                guard self.isOpen else { return sender.resume(throwing: CancellationError()) }
                self.senders.append(sender)
                self.perform(self.machine.streamed(id, piece, now: self.loop.now))
            },
            completion: { isComplete in
                self.tasks[id] = nil
                self.perform(self.machine.streamEnded(id, isComplete: isComplete, now: self.loop.now))
            })
    }

    /// Ends the stream's wait for the client, or for nothing where there is no client any more.
    func resumeStream(throwing error: (any Error)? = nil) {
        let waiting = senders
        senders = []
        for sender in waiting {
            if let error {
                sender.resume(throwing: error)
            } else {
                sender.resume()
            }
        }
    }
}
