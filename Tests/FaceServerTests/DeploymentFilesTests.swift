// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import Testing

@testable import FaceServer

/// The image, the manifests, the unit and the proxy's configuration must agree with each other and with the program.
@Suite(.timeLimit(.minutes(2))) struct DeploymentFilesTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func yaml(_ path: String) throws -> YAMLValue {
        try YAMLParser.parse(Array(try text(path).utf8))
    }

    private static func manifest(_ name: String) throws -> YAMLValue {
        try yaml("config/kubernetes/\(name).yaml")
    }

    /// What follows a word at the beginning of lines, as of a Dockerfile or a unit.
    private static func values(_ word: String, in text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix(word) }.map { String($0.dropFirst(word.count)) }
    }

    private static let pod = Result { try #require(manifest("deployment").at("spec.template.spec")) }
    private static let container = Result { try #require(pod.get().at("containers.0")) }
    private static let dockerfile = Result { try text("Dockerfile") }
    private static let nginx = Result { try text("config/nginx/faceserver.conf.template") }
    private static let unit = Result { try text("config/systemd/faceserver.service") }
    private static let compose = Result { try yaml("config/compose.yaml") }
    private let label = "app.kubernetes.io/name"

    private func seconds(_ text: String?) throws -> Duration {
        try #require(text.flatMap(DurationText.parse))
    }

    // MARK: Kubernetes

    @Test func everyManifestIsApplied() throws {
        let folder = Self.root.appendingPathComponent("config/kubernetes").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let resources = try Self.manifest("kustomization").at("resources")?.texts ?? []
        #expect(Set(resources + ["kustomization.yaml"]) == Set(files))
        for file in resources {
            let manifest = try Self.yaml("config/kubernetes/\(file)")
            let kind = try #require(manifest.at("kind")?.text, "\(file)")
            #expect(file == "nowhere.yaml" || kind.lowercased() + ".yaml" == file, "\(file) is a \(kind)")
        }
    }

    @Test func selectorsFindWhatTheyAreFor() throws {
        let deployment = try Self.manifest("deployment")
        let name = try #require(deployment.at("spec.template.metadata.labels")?.member(label)?.text)
        for (file, path) in [
            ("deployment", "spec.selector.matchLabels"), ("service", "spec.selector"),
            ("poddisruptionbudget", "spec.selector.matchLabels"),
        ] {
            #expect(try Self.manifest(file).at(path)?.member(label)?.text == name, "\(file)")
        }
        let service = try Self.manifest("service")
        let monitored = try Self.manifest("servicemonitor").at("spec.selector.matchLabels")?.member(label)?.text
        #expect(service.at("metadata.labels")?.member(label)?.text == monitored)
        #expect(try Self.manifest("nowhere").at("spec.selector") == nil)
        let target = try #require(try Self.manifest("horizontalpodautoscaler").at("spec.scaleTargetRef"))
        #expect(target.at("kind") == deployment.at("kind"))
        #expect(target.at("name") == deployment.at("metadata.name"))
    }

    @Test func portsAgree() throws {
        let port = ConfigurationKeys.port.defaultText
        let container = try Self.container.get()
        #expect(Self.values("EXPOSE ", in: try Self.dockerfile.get()) == [port])
        #expect(container.at("ports.0.containerPort")?.text == port)
        let name = try #require(container.at("ports.0.name")?.text)
        for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
            #expect(container.at("\(probe).httpGet.port")?.text == name, "\(probe)")
        }
        let service = try Self.manifest("service")
        #expect(service.at("spec.ports.0.targetPort")?.text == name)
        let servicePort = try #require(service.at("spec.ports.0.name")?.text)
        #expect(try Self.manifest("servicemonitor").at("spec.endpoints.0.port")?.text == servicePort)
        let services = try [service, Self.manifest("nowhere")]
        let paths = try Self.manifest("ingress").at("spec.rules.0.http.paths")?.items ?? []
        #expect(paths.count == 3)
        for path in paths {
            let backend = try #require(path.at("backend.service"))
            let found = services.first { $0.at("metadata.name") == backend.at("name") }
            #expect(found?.at("spec.ports.0.name") == backend.at("port.name"), "\(path)")
        }
    }

    @Test func probedPathsAreAnswered() async throws {
        let application = try buildApplication(
            configuration: try await ServerConfiguration.load(flags: ["log.level": "critical"], environment: [:]),
            logger: ProgramLog.standardError(level: .critical))
        let container = try Self.container.get()
        let probes = ["startupProbe", "readinessProbe", "livenessProbe"].map { container.at("\($0).httpGet.path") }
        for path in probes + [try Self.manifest("servicemonitor").at("spec.endpoints.0.path")] {
            let target = try #require(path?.text)
            let response = try await application.handler.handle(HTTPRequest(method: .get, target: target, headers: [:]))
            #expect(response.status == .ok, "\(target)")
        }
    }

    @Test func autoscalerAsksForAMetricThatThereIs() throws {
        let metric = try #require(
            try Self.manifest("horizontalpodautoscaler").at("spec.metrics.0.pods.metric.name")?.text)
        let page = ServerMetrics().exposition(
            status: ServerStatus(caches: [:]), process: ProcessStatus(), version: "", revision: "")
        #expect(page.contains("\n# TYPE \(metric) gauge\n"))
    }

    @Test func userIsTheImages() throws {
        let user = try #require(try Self.pod.get().at("securityContext.runAsUser")?.text)
        #expect(Self.values("USER ", in: try Self.dockerfile.get()) == ["\(user):\(user)"])
        #expect(try Self.container.get().at("securityContext.readOnlyRootFilesystem")?.text == "true")
    }

    // MARK: Configuration

    /// The variables of the image, of the manifests and of the compose file are the program's own and have good values.
    @Test func variablesAreConfiguration() async throws {
        #expect(try Self.pod.get().at("enableServiceLinks")?.text == "false", "their names are those of configuration")
        var environments: [[String: String]] = []
        let cpus = try #require(try Self.container.get().at("resources.limits.cpu")?.text)
        environments.append([:])
        for variable in try Self.container.get().at("env")?.items ?? [] {
            let isReference = variable.at("valueFrom.resourceFieldRef.resource")?.text == "limits.cpu"
            let name = try #require(variable.at("name")?.text)
            environments[0][name] = isReference ? cpus : variable.at("value")?.text
            #expect(environments[0][name] != nil, "\(name) has no value")
        }
        environments.append([:])
        for member in try Self.compose.get().at("services.faceserver-1.environment")?.members ?? [] {
            // `${NAME:-}` is what the user sets, or nothing.
            environments[1][member.key] = try #require(member.value.text).replacing(#/\$\{[A-Z_]+:-\}/#, with: "")
        }
        environments.append([:])
        for line in Self.values("ENV ", in: try Self.dockerfile.get()) {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            environments[2][parts[0]] = parts[1]
        }
        for environment in environments {
            #expect(environment.keys.contains { $0.hasPrefix("FACESERVER_HTTP_") })
            _ = try await ServerConfiguration.load(environment: environment)
        }
        #expect(environments[0]["FACESERVER_WORKERS_COUNT"] == cpus)
    }

    @Test func thereIsTimeToFinish() async throws {
        let grace = try await ServerConfiguration.load(environment: [:]).shutdownGrace
        let pod = try Self.pod.get()
        let pause = try #require(try Self.container.get().at("lifecycle.preStop.exec.command.1")?.text)
        #expect(try seconds(pod.at("terminationGracePeriodSeconds")?.text) > grace + (try seconds(pause)))
        #expect(try seconds(try Self.compose.get().at("services.faceserver-1.stop_grace_period")?.text) > grace)
        #expect(try seconds(Self.values("TimeoutStopSec=", in: try Self.unit.get()).first) > grace)
    }

    @Test func boundsHoldWhatTheProgramNeeds() async throws {
        let configuration = try await ServerConfiguration.load(environment: [:])
        let descriptors = try #require(Self.values("LimitNOFILE=", in: try Self.unit.get()).first.flatMap { Int($0) })
        #expect(descriptors > configuration.http.maxConnections + 1000)
        let disk = try #require(try Self.pod.get().at("volumes.0.emptyDir.sizeLimit")?.text)
        let gibibytes = try #require(Int(disk.prefix { $0.isNumber }))
        #expect(disk.hasSuffix("Gi") && gibibytes << 30 > configuration.serving.maxDiskCacheBytes)
    }

    // MARK: nginx and systemd

    @Test func proxyWaitsAsLongAsTheServer() async throws {
        let configuration = try await ServerConfiguration.load(environment: [:])
        let nginx = try Self.nginx.get()
        func duration(_ directive: Regex<(Substring, Substring)>) throws -> Duration {
            try seconds(nginx.firstMatch(of: directive).map { String($0.output.1) })
        }
        #expect(try duration(#/\n *proxy_read_timeout (\w+);/#) > configuration.serving.maxTimeout)
        #expect(try duration(#/\n *proxy_cache_lock_timeout (\w+);/#) > configuration.serving.maxTimeout)
        let idle = try duration(#/\n *keepalive_timeout (\w+);/#)
        #expect(idle < configuration.http.timeouts.idle, "the server must not close what nginx is about to use")
        let annotations = try #require(try Self.manifest("ingress").at("metadata.annotations"))
        let timeout = annotations.member("nginx.ingress.kubernetes.io/proxy-read-timeout")?.text
        #expect(try seconds(timeout) > configuration.serving.maxTimeout)
    }

    @Test func everyProxySpreadsFacesByAllTheirParameters() throws {
        let key = try #require(try Self.nginx.get().firstMatch(of: #/\n *hash (\S+) consistent;/#)?.output.1)
        let variables = key.split(separator: "-")
        let model = try ServedModel(path: nil).traits(defaultTruncation: FixedDecimal(millionths: 700_000))
        #expect(variables.first == "$uri")
        for parameter in FaceParameters.declarations(for: model) {
            #expect(variables.contains("$arg_\(parameter.name)"), "\(parameter.name)")
        }
        let annotations = try #require(try Self.manifest("ingress").at("metadata.annotations"))
        #expect(annotations.member("nginx.ingress.kubernetes.io/upstream-hash-by")?.text == String(key))
    }

    @Test func composeFillsTheTemplateIn() throws {
        let names = try Set(Self.nginx.get().matches(of: #/\$\{(\w+)\}/#).map { String($0.output.1) })
        let environment = try #require(try Self.compose.get().at("services.nginx.environment"))
        #expect(Set(environment.members.map(\.key)) == names)
        let replicas = try Self.compose.get().at("services")?.members.map(\.key).filter { $0 != "nginx" } ?? []
        let servers = replicas.map { "server \($0):\(ConfigurationKeys.port.defaultText) max_fails=0;" }
        #expect(environment.member("FACESERVER_SERVERS")?.text == servers.joined(separator: " "))
    }

    @Test func unitStartsTheServer() throws {
        let command = try #require(Self.values("ExecStart=", in: try Self.unit.get()).first)
        let words = command.split(separator: " ").map(String.init)
        #expect(words.first == "/usr/local/bin/faceserver")
        #expect(try FaceServer.parseAsRoot(Array(words.dropFirst())) is ServeCommand)
    }
}

extension YAMLValue {
    var text: String? {
        if case .scalar(let text) = self { text } else { nil }
    }

    var items: [YAMLValue] {
        if case .sequence(let items) = self { items } else { [] }
    }

    var texts: [String] { items.compactMap(\.text) }

    var members: [Member] {
        if case .mapping(let members) = self { members } else { [] }
    }

    func member(_ key: String) -> YAMLValue? {
        members.first { $0.key == key }?.value
    }

    /// What a path such as "spec.ports.0.name" leads to.
    func at(_ path: String) -> YAMLValue? {
        path.split(separator: ".").reduce(self as YAMLValue?) { value, part in
            guard let value else { return nil }
            guard let index = Int(part) else { return value.member(String(part)) }
            return value.items.indices.contains(index) ? value.items[index] : nil
        }
    }
}
