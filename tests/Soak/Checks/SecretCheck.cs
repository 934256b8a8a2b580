using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>The key is in no stream, object or file, and went to no other origin.</summary>
internal static class SecretCheck
{
    /// <summary>Looks for it everywhere.</summary>
    public static void Check(Scene scene)
    {
        // Without the part that anybody may know.
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
