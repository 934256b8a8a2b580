using System.Runtime.InteropServices;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// Gives child processes the default action for the signals that tests send, even if this process was started with nohup or with &amp; in
/// a script. Those make it ignore SIGHUP or SIGINT, and children inherit that and would survive the signal. A signal that has a handler
/// is reset to its default in a child, so an ignored signal gets a handler that does nothing; this process still ignores it.
/// (<c>env --default-signal</c> would do the same, but requires GNU coreutils 8.31 or later.)
/// </summary>
internal static partial class DefaultSignals
{
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const nint Ignored = 1;

    /// <summary>Applies to every process started afterwards.</summary>
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
                // The handler is the C function abs: it takes an int, has no side effects and is safe to call at any time.
                _ = SetHandler(signal, NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "abs"));
            }
        }
    }

    private static unsafe bool IsIgnored(int signal)
    {
        // The structure begins with the handler and is far smaller than this buffer on every system.
        nint* action = stackalloc nint[64];
        return GetAction(signal, 0, action) == 0 && action[0] == Ignored;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int GetAction(int signal, nint none, nint* action);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
