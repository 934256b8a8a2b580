using System.Security.Cryptography;
using System.Text;
using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Budget;

/// <summary>
/// The shared state in a file that only the user can read. It is open, and locked by that, only during an update; the system releases the
/// lock of a killed process. A file that cannot be used costs some ms now and then, and nothing else.
/// </summary>
internal sealed class SharedStateFile : ISharedState
{
    /// <summary>In ms. An update takes microseconds; whoever has the file for longer is stopped, or is not one of ours.</summary>
    private const int LongestWait = 15;

    /// <summary>More than the requests of a thousand processes.</summary>
    private const int LongestContent = 1 << 22;

    /// <summary>For how long, in ms, the file is not used after the first failure. Each further failure doubles it.</summary>
    private const int FirstPause = 50;
    private const int MostDoublings = 7;
    private const string Prefix = "requests-";
    private const string Extension = ".bin";

    private readonly string _path;
    private long _pausedUntil = long.MinValue;
    private int _failures;

    /// <summary>Nothing is created or opened until <see cref="TryUpdate"/>.</summary>
    /// <param name="folder">The state folder of the user. It may be shared with other machines, whose clocks differ.</param>
    /// <param name="identity">What the state belongs to. The name of the file does not reveal it.</param>
    public SharedStateFile(string folder, string identity)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{SharedRequests.Version}\n{Environment.MachineName}\n{identity}"));
        _path = Path.Combine(folder, Prefix + Convert.ToHexString(hash, 0, 12).ToLowerInvariant() + Extension);
    }

    /// <inheritdoc/>
    public bool Exists => File.Exists(_path);

    /// <inheritdoc/>
    public bool TryUpdate(Func<byte[], byte[]?> change)
    {
        if (Environment.TickCount64 < _pausedUntil)
        {
            return false;
        }

        using FileStream? file = Guarded(Open);
        byte[]? content = file is null ? null : Guarded(() => Read(file));
        if (content is null)
        {
            Pause();
            return false;
        }

        byte[]? changed = change(content);
        if (changed is null || Guarded(() => Write(file!, changed)) is not null)
        {
            _failures = 0;
        }
        else
        {
            Pause();
        }

        return true;
    }

    private static T? Guarded<T>(Func<T> use)
        where T : class
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] Read(FileStream file)
    {
        // A pipe would block, and a file of this length is not ours.
        if (!file.CanSeek || file.Length > LongestContent)
        {
            return file.CanSeek ? [] : throw new IOException("Not a file.");
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static FileStream Write(FileStream file, byte[] content)
    {
        // If the process is killed here, the checksum does not match, and the others write their requests again.
        file.Position = 0;
        file.Write(content);
        if (file.Length > content.Length)
        {
            file.SetLength(content.Length);
        }

        return file;
    }

    private FileStream Open()
    {
        if (!Exists)
        {
            OwnerOnly.MakeFolderOf(_path);
            DeleteOld(Path.GetDirectoryName(_path)!);
        }

        for (long end = Environment.TickCount64 + LongestWait; ; Thread.Sleep(1))
        {
            try
            {
                return OwnerOnly.Open(_path, FileMode.OpenOrCreate);
            }
            catch (IOException) when (Environment.TickCount64 < end)
            {
                // Another process has it, for some microseconds.
            }
        }
    }

    /// <summary>Deletes files that were not written for a day: each sandbox has an identity of its own, and so a file.</summary>
    private static void DeleteOld(string folder)
    {
        DateTime old = DateTime.UtcNow.AddDays(-1);
        foreach (string file in Directory.GetFiles(folder, Prefix + "*" + Extension).Where(file => File.GetLastWriteTimeUtc(file) < old))
        {
            _ = Guarded(() =>
            {
                File.Delete(file);
                return file;
            });
        }
    }

    private void Pause() =>
        _pausedUntil = Environment.TickCount64 + (FirstPause << Math.Min(_failures++, MostDoublings));
}
