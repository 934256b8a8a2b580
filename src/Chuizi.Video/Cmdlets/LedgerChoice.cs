using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Which ledger a call writes.</summary>
internal static class LedgerChoice
{
    /// <summary>
    /// The ledger that the user names. Otherwise the default one, which nothing at a sandbox is written to, or one in memory.
    /// </summary>
    public static VideoLedger For(PSCmdlet cmdlet, string? given, bool isSandbox)
    {
        if (given is not null)
        {
            return VideoLedger.At(Resolve(cmdlet, given));
        }

        string? setting = Environment.GetEnvironmentVariable(LedgerLocation.Variable);
        if (isSandbox || LedgerLocation.IsOff(setting))
        {
            return VideoLedger.InMemory();
        }

        if (Located(cmdlet, () => LedgerLocation.ForMonth(setting, DateTime.UtcNow)) is { } path)
        {
            return VideoLedger.At(path);
        }

        cmdlet.WriteWarning(
            "There is no folder for the ledger, so that ids are kept nowhere but in this session. "
            + $"Give -Ledger, or a folder in {LedgerLocation.Variable}.");
        return VideoLedger.InMemory();
    }

    /// <summary>All files of the default ledger, the newest first.</summary>
    public static IReadOnlyList<string> All(PSCmdlet cmdlet) =>
        Located(cmdlet, () => LedgerLocation.All(Environment.GetEnvironmentVariable(LedgerLocation.Variable)));

    /// <summary>The full path of a ledger that the user names.</summary>
    public static string Resolve(PSCmdlet cmdlet, string given)
    {
        string message;
        try
        {
            string path = FilePaths.Resolve(cmdlet, given);
            if (!Directory.Exists(path))
            {
                ModuleSession.Current.RememberLedger(path);
                return path;
            }

            message = "It is a folder.";
        }
        catch (IOException exception)
        {
            message = exception.Message;
        }

        ChuiziException failure = new(
            ChuiziErrorKind.LedgerUnavailable, $"'{given}' cannot be a ledger: {message} Give the path of a file, e.g. run.jsonl.");
        cmdlet.ThrowTerminatingError(ErrorRecords.From(failure, given));
        throw failure;
    }

    private static T Located<T>(PSCmdlet cmdlet, Func<T> locate)
    {
        try
        {
            return locate();
        }
        catch (ChuiziException exception)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.From(exception));
            throw;
        }
    }
}
