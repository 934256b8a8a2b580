using System.Text.Json;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// What a sidecar tells of its file, from its beginning alone: images may be in it as data URLs, and a folder hold thousands of it.
/// </summary>
internal sealed record SidecarHead(string Id, string? Origin, long? Length, string Sha256)
{
    /// <summary>All that is wanted comes before the prompt.</summary>
    private const int HeadLength = 4 * 1024;

    /// <summary>The head of the sidecar in that file; null where it is none, or cannot be read.</summary>
    public static SidecarHead? Read(string path)
    {
        try
        {
            // As for the whole: no link, no pipe.
            if (new FileInfo(path) is not { Exists: true, LinkTarget: null, Length: > 0 })
            {
                return null;
            }

            Span<byte> head = stackalloc byte[HeadLength];
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            int count = file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false);
            return count == HeadLength ? Find(head) ?? Whole(path) : Whole(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>One that is short, or written in another order, is read whole.</summary>
    private static SidecarHead? Whole(string path) =>
        Sidecar.Read(path) is { Id: { } id, Sha256: { } sha256 } sidecar ? new SidecarHead(id, sidecar.Origin, sidecar.Length, sha256) : null;

    /// <summary>Null where the beginning does not tell all of it.</summary>
    internal static SidecarHead? Find(ReadOnlySpan<byte> head)
    {
        Utf8JsonReader reader = new(head, isFinalBlock: false, default);
        (int? version, string? id, string? origin, long? length, string? sha256) = (null, null, null, null, null);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                string? name = reader.GetString();
                if (name == nameof(Sidecar.Saved))
                {
                    // It is written after all these.
                    return version == 1 && id is { Length: > 0 } && sha256 is { Length: > 0 } ? new SidecarHead(id, origin, length, sha256) : null;
                }

                if (!reader.Read())
                {
                    return null;
                }

                switch (name)
                {
                    case nameof(Sidecar.Version):
                        version = reader.GetInt32();
                        break;
                    case nameof(Sidecar.Id):
                        id = reader.GetString();
                        break;
                    case nameof(Sidecar.Origin):
                        origin = reader.GetString();
                        break;
                    case nameof(Sidecar.Length):
                        length = reader.GetInt64();
                        break;
                    case nameof(Sidecar.Sha256):
                        sha256 = reader.GetString();
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // The whole file tells.
        }

        return null;
    }
}
