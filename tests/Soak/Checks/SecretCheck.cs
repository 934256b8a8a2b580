using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>
/// Checks that the key and the signatures of images and of the ledger are in no stream, object or file, and that the key was sent only to
/// the API.
/// </summary>
internal static class SecretCheck
{
    /// <summary>Searches the streams, the files and the requests for media.</summary>
    public static void Check(Scene scene)
    {
        // The prefix "ck-" is not secret.
        string secret = scene.Server.ApiKey[3..];
        if (scene.Runs.Exists(run => run.SaysSignature()))
        {
            scene.Violate("A stream shows a signature.");
        }

        if (scene.Runs.Exists(run => run.Says(secret)))
        {
            scene.Violate("A stream tells the key.");
        }

        if (scene.LedgerSecret is { } signature && scene.Runs.Exists(run => run.Says(signature)))
        {
            scene.Violate("A stream tells the signature of the ledger.");
        }

        string[] secrets = [.. new[] { secret, Scene.Signature, scene.LedgerSecret }.OfType<string>()];
        foreach (
            string file in Directory
                .EnumerateFiles(scene.Home, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".json" or ".jsonl" or ".part")
                .Concat(Directory.EnumerateFiles(scene.ListFolder, "*.log")))
        {
            string text = ProcessWatch.ReadText(file);
            if (Array.Exists(secrets, one => text.Contains(one, StringComparison.Ordinal)))
            {
                scene.Violate($"{Path.GetFileName(file)} holds the key or a signature.");
            }
        }

        if (scene.Server.Requests.Any(request => request.Origin == "media" && request.Headers.ContainsKey("Authorization")))
        {
            scene.Violate("The key went to the origin of the videos.");
        }
    }
}
