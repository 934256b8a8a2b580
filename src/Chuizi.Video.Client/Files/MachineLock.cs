using System.Security.Cryptography;
using System.Text;

namespace Chuizi.Video.Client.Files;

/// <summary>
/// A lock for work on a path that takes some microseconds. One thread has it at a time, of all processes on this machine. Dispose it on the
/// thread that took it. If the system has no such locks, or another thread keeps this one for 2 s, the work is done without it.
/// </summary>
internal readonly struct MachineLock : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Mutex? _mutex;
    private readonly bool _isOurs;

    private MachineLock(Mutex? mutex)
    {
        _mutex = mutex;
        try
        {
            _isOurs = mutex is not null && mutex.WaitOne(s_patience);
        }
        catch (AbandonedMutexException)
        {
            // A killed process had it.
            _isOurs = true;
        }
    }

    /// <summary>Waits for the lock of a path.</summary>
    public static MachineLock Take(string path)
    {
        string full = Path.GetFullPath(path);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(OperatingSystem.IsWindows() ? full.ToUpperInvariant() : full));
        try
        {
            return new MachineLock(new Mutex(initiallyOwned: false, $@"Global\Chuizi.Video.{Convert.ToHexString(hash, 0, 12)}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or WaitHandleCannotBeOpenedException)
        {
            return new MachineLock(null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOurs)
        {
            _mutex!.ReleaseMutex();
        }

        _mutex?.Dispose();
    }
}
