using System.Diagnostics;

namespace Chuizi.Video.Soak.Runs;

/// <summary>A disk of a few megabytes. It needs Linux and root; elsewhere batches use the normal disk.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 12;
    private const long Largest = Megabytes * 1024L * 1024;

    private readonly string _folder;

    /// <summary>Mounts the disk at a folder.</summary>
    public SmallDisk(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        IsThere =
            OperatingSystem.IsLinux()
            && Environment.IsPrivilegedProcess
            && Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", folder);
    }

    /// <summary>Whether the disk is mounted.</summary>
    public bool IsThere { get; }

    /// <summary>Fills the disk except for a number of bytes.</summary>
    public void Fill(int leave)
    {
        string filling = Filling;
        using (FileStream stream = new(filling, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 0))
        {
            try
            {
                stream.Position = stream.Length;
                // The limit protects the system disk if the small one is not mounted.
                while (stream.Length < Largest)
                {
                    stream.Write(new byte[4096]);
                }
            }
            catch (IOException)
            {
                // The disk is full, as intended.
            }
        }

        using FileStream cut = new(filling, FileMode.Open, FileAccess.Write, FileShare.None, 0);
        cut.SetLength(Math.Max(0, cut.Length - leave));
    }

    /// <summary>Frees the filled space.</summary>
    public void Free() => File.Delete(Filling);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsThere)
        {
            Run("umount", "-l", _folder);
        }
    }

    private string Filling => Path.Combine(_folder, "filling");

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
