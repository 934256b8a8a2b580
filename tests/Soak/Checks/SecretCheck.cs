using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>Checks that the key is in no stream, object or file, and was sent only to the API.</summary>
internal static class SecretCheck
{
    /// <summary>Searches the streams, the files and the requests for media.</summary>
    public static void Check(Scene scene)
    {
        // The prefix "ck-" is not secret.
        string secret = scene.Server.ApiKey[3..];
        if (scene.Runs.Exists(run => run.Says(secret)))
        {
            scene.Violate("A stream tells the key.");
        }

        foreach (
            string file in Directory
                .EnumerateFiles(scene.Home, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".json" or ".jsonl" or ".part"))
        {
            if (File.ReadAllText(file, System.Text.Encoding.Latin1).Contains(secret, StringComparison.Ordinal))
            {
                scene.Violate($"{Path.GetFileName(file)} holds the key.");
            }
        }

        if (scene.Server.Requests.Any(request => request.Origin == "media" && request.Headers.ContainsKey("Authorization")))
        {
            scene.Violate("The key went to the origin of the videos.");
        }
    }
}
