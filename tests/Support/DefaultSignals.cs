using System.Runtime.InteropServices;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// Gives child processes the default action for the signals that tests send, even where this process was started with nohup or with &amp;
/// in a script. Those make it ignore SIGHUP or SIGINT, and children inherit that: they would survive the signal. A signal that has a
/// handler is reset to its default in a child, so an ignored signal gets a handler that does nothing. This process goes on ignoring it.
/// (Started through <c>env --default-signal</c> children would be right too, but only with GNU coreutils 8.31 or later.)
/// </summary>
internal static partial class DefaultSignals
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const nint Ignored = 1;

    /// <summary>Takes effect for every process that is started afterwards.</summary>
    public static void ForChildren()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (int signal in (int[])[Hangup, Interrupt, Terminate])
        {
            if (IsIgnored(signal))
            {
                // abs is the handler: a function of the C library that takes an int, changes nothing and may be called at any time.
                _ = SetHandler(signal, NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "abs"));
            }
        }
    }

    private static unsafe bool IsIgnored(int signal)
    {
        // The structure begins with the handler; it is far smaller than this buffer on every system.
        nint* action = stackalloc nint[64];
        return GetAction(signal, 0, action) == 0 && action[0] == Ignored;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int GetAction(int signal, nint none, nint* action);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
