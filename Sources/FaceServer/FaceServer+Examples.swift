// SPDX-License-Identifier: Apache-2.0

extension FaceServer {
    /// What `--help` begins with.
    static let examples = """
        Examples:
          faceserver --port 9000
          faceserver serve --config config/faceserver.yaml --model ffhq.pkl
          faceserver generate --seeds 0-9,42 --trunc 0.7 --outdir out
          faceserver --generate-completion-script bash > ~/.local/share/bash-completion/completions/faceserver
        """
}
