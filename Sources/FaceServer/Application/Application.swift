// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GANKit
import Logging
import MiniHTTP
import ServiceLifecycle

/// The server put together: what answers requests, and what has to run for it.
struct Application: Sendable {
    let configuration: ServerConfiguration
    let models: ModelRegistry
    let handler: any HTTPHandler
    let faces: FaceService
    let metrics: ServerMetrics
    let readiness: Readiness
    let services: [any Service]
    let logger: Logger

    /// The model that answers where none is named.
    var model: ServedModel { models.catalog.defaultEntry.model }

    /// Serves until SIGTERM or SIGINT, finishes what is in progress, and returns.
    func run() async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map { service in
                .init(
                    service: service,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // The services keep to the grace themselves; this is for one that hangs.
        configuration.maximumGracefulShutdownDuration = self.configuration.shutdownGrace + .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }
}

/// Puts the server together. The program and the tests call this same function.
///
/// - Parameters:
///   - logger: what the access log and the services write to.
///   - lostLogLines: how many lines of it were lost, as `/metrics` tells.
///   - announce: called with the address once the server listens.
/// - Throws: `CommandFailure` when the model cannot be loaded or a resource is missing.
func buildApplication(
    configuration: ServerConfiguration,
    resources: ResourceLocator = ResourceLocator(),
    logger: Logger,
    lostLogLines: @escaping @Sendable () -> Int = { 0 },
    announce: @escaping @Sendable (SocketAddress) -> Void = { _ in }
) throws -> Application {
    let models = try ModelRegistry(
        configuration.modelDeclarations, defaultName: configuration.defaultModel,
        settings: .init(
            defaultTruncation: configuration.defaultTruncation, bounds: configuration.serving.termsBounds,
            composites: configuration.serving.composites),
        resources: resources, logger: logger)
    let readiness = Readiness()
    let metrics = ServerMetrics()

    let workers = configuration.workers(cores: ProcessInfo.processInfo.activeProcessorCount)
    let cores = CoreShare(cores: workers.cores)
    let pool = WorkerPool(count: workers.count) {
        FaceWorker(cores: cores, maxBatchSize: configuration.serving.maxBatchSize, metrics: metrics)
    }
    let access = configuration.access
    let limiter = access.rateLimit.map { RateLimiter(limit: $0) }
    let faces = FaceService(
        pool: pool, limits: configuration.serving.limits, maxCacheBytes: configuration.serving.maxCacheBytes,
        disk: try configuration.serving.diskCache(metrics: metrics, logger: logger), limiter: limiter,
        metrics: metrics)

    let address = ReachableAddress(host: configuration.http.host, port: configuration.http.port)
    let page = PageRoutes(models: models, address: address, hasStatus: configuration.metricsEnabled)
    let isOpen = access.policy.isOpen
    let known = isOpen && limiter == nil ? KnownAnswers(models: models, pictures: faces.store) : nil
    let accessLog = AccessLogEntry.writer(to: logger)
    var middleware: [any Middleware] = [RequestContextMiddleware()]
    if let known {
        middleware.append(known)
    }
    middleware.append(MetricsMiddleware(metrics: metrics))
    if let accessLog {
        middleware.append(AccessLogMiddleware(write: accessLog))
    }
    middleware += [
        access.headers, CORSMiddleware(policy: access.cors),
        AccessMiddleware(policy: access.policy, metrics: metrics, door: page.door),
    ]
    if let limiter {
        middleware.append(RateLimitMiddleware(limiter: limiter))
    }
    var router = Router(middleware: middleware + [FailureMiddleware(logger: logger)])
    PictureRoutes(
        models: models, service: faces, composer: CompositeService(faces: faces, threads: workers.cores),
        bounds: configuration.serving.termsBounds, limits: configuration.serving.composites, metrics: metrics
    ).add(to: &router)
    ModelRoutes(models: models).add(to: &router)
    DirectionRoutes(models: models).add(to: &router)
    OpenAPIRoutes(
        models: models, isOpen: isOpen, isMeasured: configuration.metricsEnabled
    ).add(to: &router)
    HealthRoutes(readiness: readiness).add(to: &router)
    if configuration.metricsEnabled {
        MetricsRoutes(metrics: metrics, status: { faces.status }, lostLogLines: lostLogLines).add(to: &router)
        StatusRoutes(metrics: metrics, status: { faces.status }).add(to: &router)
    }
    page.add(to: &router)

    let reloader = ModelReloader(models: models, faces: faces, metrics: metrics)
    AdminRoutes(reloader: reloader).add(to: &router)
    let handler = ApplicationHandler(router: router, known: known, metrics: metrics, log: accessLog)
    let server = HTTPServer(configuration: configuration.http, handler: handler, logger: logger) { refusal in
        metrics.requestRefused(status: refusal.status.code)
        accessLog?(AccessLogEntry(refusal))
    }
    let service = HTTPServerService(
        server: server,
        readiness: readiness,
        grace: configuration.shutdownGrace,
        announce: announce,
        afterConnections: { await faces.drain() }
    )
    return Application(
        configuration: configuration,
        models: models,
        handler: handler,
        faces: faces,
        metrics: metrics,
        readiness: readiness,
        services: [service, ReloadService { _ = await reloader.reload() }],
        logger: logger
    )
}
