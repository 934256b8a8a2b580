using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Selects the ledger that a call writes to.</summary>
internal static class LedgerChoice
{
    /// <summary>
    /// The ledger that the user specified; otherwise the default ledger, or one in memory for the sandbox or if the default ledger is
    /// disabled.
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
            "No folder for the ledger was found, so ids are kept only in this session. "
            + $"Use -Ledger, or set {LedgerLocation.Variable} to a folder.");
        return VideoLedger.InMemory();
    }

    /// <summary>All files of the default ledger, newest first.</summary>
    public static IReadOnlyList<string> All(PSCmdlet cmdlet) =>
        Located(cmdlet, () => LedgerLocation.All(Environment.GetEnvironmentVariable(LedgerLocation.Variable)));

    /// <summary>The ledgers used in this runspace, and all files of the default ledger if it can be used; most recent first.</summary>
    public static IReadOnlyList<string> Known()
    {
        try
        {
            IReadOnlyList<string> all = LedgerLocation.All(Environment.GetEnvironmentVariable(LedgerLocation.Variable));
            return [.. ModuleSession.Current.Ledgers, .. all];
        }
        catch (ChuiziException)
        {
            return ModuleSession.Current.Ledgers;
        }
    }

    /// <summary>The full path of a ledger that the user specified.</summary>
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
            ChuiziErrorKind.LedgerUnavailable,
            $"'{given}' cannot be used as a ledger: {message} Use the path of a file, such as run.jsonl.");
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
