// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging
import Synchronization

/// Holds the models that are served, and loads them anew when their files have changed.
///
/// The guarantee of a reload:
/// - A file counts as changed when its content does (SHA-256). A changed model is loaded beside the old one, and takes its
///   place only when it is complete. Whoever has asked before is served by the old one to the end; whoever asks after is
///   served by the new one; nobody is refused.
/// - A file that is missing, broken, or not the one that the configuration pins changes nothing but the report.
/// - Reloads follow each other. The old model's memory is free when the last request for it is done.
///
/// The lock guards the catalog. Loading happens on `queue`, which is what makes reloads follow each other.
final class ModelRegistry: Sendable {
    /// What all models have in common.
    struct Settings: Sendable {
        var defaultTruncation: FixedDecimal
        var bounds: RequestTerms.Bounds
        var composites = CompositeLimits()
    }

    private let declarations: [ModelDeclaration]
    private let defaultIndex: Int
    private let settings: Settings
    private let resources: ResourceLocator
    private let logger: Logger
    private let current: Mutex<ModelCatalog>
    private let queue = DispatchQueue(label: "faceserver.reload")

    /// Loads all models.
    ///
    /// - Parameter defaultName: the declaration that answers where no model is named; nil for the first.
    /// - Throws: `CommandFailure` that names the file.
    init(
        _ declarations: [ModelDeclaration], defaultName: String? = nil, settings: Settings,
        resources: ResourceLocator = ResourceLocator(), logger: Logger
    ) throws {
        let defaultIndex = declarations.firstIndex { $0.name == defaultName } ?? 0
        let entries = try declarations.enumerated().map { index, declaration in
            CatalogEntry(
                model: try ServedModel(declaration, resources: resources), isDefault: index == defaultIndex,
                settings: settings)
        }
        self.declarations = declarations
        self.defaultIndex = defaultIndex
        self.settings = settings
        self.resources = resources
        self.logger = logger
        current = Mutex(ModelCatalog(entries, defaultIndex: defaultIndex))
    }

    /// The models at this moment. A request takes one catalog and keeps to it.
    var catalog: ModelCatalog {
        current.withLock { $0 }
    }

    /// The generation of `catalog`.
    var generation: Int {
        current.withLock { $0.generation }
    }

    /// Loads the models whose files have changed, and serves them from now on.
    func reload() async -> ModelReloadReport {
        await queue.run { self.reloadNow() }
    }

    private func reloadNow() -> ModelReloadReport {
        var report = ModelReloadReport()
        var entries = catalog.entries
        for (index, declaration) in declarations.enumerated() {
            let old = entries[index]
            let former = old.model.identity.sha256
            do {
                guard let model = try ServedModel(declaration, unlessItIs: former, resources: resources) else {
                    report.unchanged.append(old.name)
                    continue
                }
                entries[index] = CatalogEntry(model: model, isDefault: old.isDefault, settings: settings)
                report.replaced.append(
                    .init(name: model.identity.name, formerSHA256: former, sha256: model.identity.sha256))
            } catch {
                report.failed.append(.init(name: old.name, reason: "\(error)"))
            }
        }
        current.withLock {
            $0 = ModelCatalog(entries, defaultIndex: defaultIndex, generation: $0.generation + 1)
        }
        log(report)
        return report
    }

    private func log(_ report: ModelReloadReport) {
        for replacement in report.replaced {
            logger.notice(
                "model replaced",
                metadata: [
                    "model": "\(replacement.name)", "former": "\(replacement.formerSHA256)",
                    "sha256": "\(replacement.sha256)",
                ])
        }
        for failure in report.failed {
            logger.error(
                "model not reloaded, the former one is still served",
                metadata: ["model": "\(failure.name)", "reason": "\(failure.reason)"])
        }
        if report.replaced.isEmpty, report.failed.isEmpty {
            logger.notice("no model has changed")
        }
    }
}
