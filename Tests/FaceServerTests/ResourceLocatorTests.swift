// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import FaceServer

@Suite struct ResourceLocatorTests {
    private let folder = TemporaryFolder()

    private var resources: ResourceLocator {
        ResourceLocator(executable: folder.path + "/bin/faceserver")
    }

    @Test func builtResourcesLieBesideTheExecutable() throws {
        let file = try folder.write("a", to: "bin/faceserver_FaceServerResources.resources/Models/a")
        _ = try folder.write("b", to: "share/faceserver/Models/a")
        #expect(try resources.path(of: "Models/a") == file)
    }

    @Test func installedResourcesLieInShare() throws {
        let file = try folder.write("b", to: "share/faceserver/Models/a")
        #expect(try resources.path(of: "Models/a") == file)
    }

    @Test func messageSaysWhereAMissingResourceWasLookedFor() {
        let failure = #expect(throws: CommandFailure.self) { try resources.path(of: "Models/x.safetensors") }
        #expect(
            failure?.description == "Models/x.safetensors is in neither "
                + "\(folder.path)/bin/faceserver_FaceServerResources.resources nor \(folder.path)/share/faceserver")
    }

    @Test func defaultModelComesWithTheProgram() throws {
        _ = try ResourceLocator().path(of: ServedModel.defaultResource)
    }
}
