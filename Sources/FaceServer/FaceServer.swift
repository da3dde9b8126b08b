@main struct FaceServer { static func main() {} }
