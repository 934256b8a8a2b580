using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Which ledgers a call writes and reads, and where the machine keeps its monthly spending.</summary>
internal static class LedgerChoice
{
    /// <summary>
    /// The ledger that the user specified; otherwise the default ledger, the one of the sandbox, or one in memory if the default ledger is
    /// disabled, has no folder, or there is no connection.
    /// </summary>
    public static VideoLedger For(PSCmdlet cmdlet, string? given, ApiConnection? connection)
    {
        if (given is not null)
        {
            return VideoLedger.At(Use(cmdlet, given));
        }

        string? setting = Environment.GetEnvironmentVariable(DefaultLedger.Variable);
        if (connection is null || DefaultLedger.IsOff(setting))
        {
            return VideoLedger.InMemory();
        }

        if (connection.IsSandbox)
        {
            if (DefaultLedger.ForSandbox(setting, new Uri(connection.Origin)) is not { } rehearsal)
            {
                return VideoLedger.InMemory();
            }

            ModuleSession.Current.RememberLedger(rehearsal);
            return VideoLedger.At(rehearsal);
        }

        if (Located(cmdlet, () => DefaultLedger.ForMonth(setting, DateTime.UtcNow)) is { } path)
        {
            return VideoLedger.At(path);
        }

        cmdlet.WriteWarning(
            "No folder for the ledger was found, so ids are kept only in this session. "
            + $"Use -Ledger, or set {DefaultLedger.Variable} to a folder.");
        return VideoLedger.InMemory();
    }

    /// <summary>All files of the default ledger, newest first.</summary>
    public static IReadOnlyList<string> All(PSCmdlet cmdlet) =>
        Located(cmdlet, () => DefaultLedger.All(Environment.GetEnvironmentVariable(DefaultLedger.Variable)));

    /// <summary>The files that are listed if no ledger is specified: those of the default ledger, or the one of the sandbox.</summary>
    public static IReadOnlyList<string> Listed(PSCmdlet cmdlet, ApiConnection? connection)
    {
        string? setting = Environment.GetEnvironmentVariable(DefaultLedger.Variable);
        return connection is not { IsSandbox: true } ? All(cmdlet)
            : !DefaultLedger.IsOff(setting)
                && DefaultLedger.ForSandbox(setting, new Uri(connection.Origin)) is { } rehearsal
                && File.Exists(rehearsal) ? [rehearsal]
            : [];
    }

    /// <summary>As <see cref="Listed"/>, with a warning if the default ledger is turned off.</summary>
    public static IReadOnlyList<string> ListedOrWarn(VideoCmdlet cmdlet, ApiConnection? connection)
    {
        IReadOnlyList<string> files = Listed(cmdlet, connection);
        if (files.Count == 0 && DefaultLedger.IsOff(Environment.GetEnvironmentVariable(DefaultLedger.Variable)))
        {
            cmdlet.WriteWarning($"The default ledger is turned off ({DefaultLedger.Variable}). Specify -Ledger.");
        }

        return files;
    }

    /// <summary>
    /// The ledgers in which ids are looked up: those of this machine, in a sandbox also its own one, and a blob given with -Ledger.
    /// </summary>
    public static IReadOnlyList<string> ForLookup(PSCmdlet cmdlet, ApiConnection? connection)
    {
        IReadOnlyList<string> rehearsal = connection is { IsSandbox: true } ? Listed(cmdlet, connection) : [];
        // A blob takes a request to read, so it is read only if the user has specified it.
        string? given = cmdlet.MyInvocation.BoundParameters.GetValueOrDefault("Ledger") as string;
        string[] blob = given is not null && LedgerAddress.Of(given) is not null ? [Use(cmdlet, given)] : [];
        return [.. blob.Concat(OfThisMachine).Union(rehearsal, StringComparer.Ordinal)];
    }

    /// <summary>Every existing ledger file that was used on this machine: those that -All reads.</summary>
    public static IReadOnlyList<string> Everywhere(PSCmdlet cmdlet) =>
        [.. All(cmdlet).Concat(KnownLedgers.Existing).Concat(ModuleSession.Current.Ledgers).Distinct().Where(File.Exists)];

    /// <summary>Every ledger file in which a submission of this machine may be recorded.</summary>
    public static IEnumerable<string> OfThisMachine =>
        ModuleSession.Current.RecentLedgers.Concat(KnownLedgers.Existing).Distinct(StringComparer.Ordinal);

    /// <summary>The list of all ledgers of this machine; an empty one if the default ledger is turned off or has no folder.</summary>
    public static KnownLedgers KnownLedgers => new(DefaultLedger.FolderOf(Environment.GetEnvironmentVariable(DefaultLedger.Variable)));

    /// <summary>What this machine spends in a month; null without a state folder.</summary>
    public static SpendingJournal? Journal =>
        DefaultLedger.StateFolder is { } folder ? new SpendingJournal(folder, ModuleSession.Current.Clock) : null;

    /// <summary>The budget of the month at an origin.</summary>
    public static MonthlyBudget Budget(PSCmdlet cmdlet, decimal amount, string origin)
    {
        if (Journal is { } journal)
        {
            return new MonthlyBudget(journal, amount, origin);
        }

        ChuiziException failure = new(
            ChuiziErrorKind.BudgetUnavailable,
            $"{SpendingLimits.MonthlyBudgetVariable} is set, but no state folder for its journal was found. Nothing was submitted.");
        cmdlet.ThrowTerminatingError(ErrorRecords.From(failure));
        throw failure;
    }

    /// <summary>
    /// Prepares a ledger that the user specified: the session remembers a file; for a blob, its credential is registered and its runs are
    /// watched. Throws a terminating error if it cannot be a ledger.
    /// </summary>
    /// <returns>The full path, or the address without a signature.</returns>
    public static string Use(PSCmdlet cmdlet, string given)
    {
        string message;
        try
        {
            if (LedgerAddress.Of(given) is not null)
            {
                string address = LedgerAddress.Accept(given);
                BlobRunWatch.Of(address, ModuleSession.Current.RequestClock);
                if (address == given)
                {
                    LedgerCredentialReader.Use(cmdlet, address);
                }

                return address;
            }

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
        catch (FormatException exception)
        {
            ChuiziException refusal = new(ChuiziErrorKind.LedgerUnavailable, exception.Message, exception);
            cmdlet.ThrowTerminatingError(ErrorRecords.From(refusal));
            throw refusal;
        }
        catch (ChuiziException exception)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.From(exception));
            throw;
        }

        ChuiziException failure = new(
            ChuiziErrorKind.LedgerUnavailable,
            $"'{given}' cannot be used as a ledger: {message} Use the path of a file, such as run.jsonl.");
        cmdlet.ThrowTerminatingError(ErrorRecords.From(failure, given));
        throw failure;
    }

    /// <summary>Prepares the ledgers that the user specified, whose paths may have wildcards.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="given">The paths and addresses.</param>
    /// <param name="named">Those that were specified without wildcards.</param>
    /// <returns>Each ledger once.</returns>
    public static IReadOnlyList<string> UseAll(PSCmdlet cmdlet, string[] given, out HashSet<string> named)
    {
        named = new(PathComparer.Instance);
        List<string> files = [];
        foreach (string ledger in given)
        {
            if (LedgerAddress.Of(ledger) is null && WildcardPattern.ContainsWildcardCharacters(ledger) && !IsFile(cmdlet, ledger))
            {
                files.AddRange(Matching(cmdlet, ledger));
            }
            else
            {
                files.Add(Use(cmdlet, ledger));
                named.Add(files[^1]);
            }
        }

        return [.. files.Distinct(PathComparer.Instance)];
    }

    private static bool IsFile(PSCmdlet cmdlet, string path)
    {
        try
        {
            return File.Exists(FilePaths.Resolve(cmdlet, path));
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The files that match a path with wildcards, without the lock files of runs.</summary>
    private static string[] Matching(PSCmdlet cmdlet, string pattern)
    {
        Exception? cause = null;
        string[] files = [];
        try
        {
            files = [.. cmdlet.GetResolvedProviderPathFromPSPath(pattern, out ProviderInfo provider)
                .Where(path => provider.Name == "FileSystem" && File.Exists(path) && !path.EndsWith(".lock", StringComparison.Ordinal))];
        }
        catch (Exception exception) when (exception is SessionStateException or ProviderInvocationException or WildcardPatternException)
        {
            cause = exception;
        }

        if (files.Length == 0)
        {
            ChuiziException failure = new(ChuiziErrorKind.LedgerNotFound, $"No ledger matches '{pattern}'.", cause);
            cmdlet.ThrowTerminatingError(ErrorRecords.From(failure, pattern));
        }

        return files;
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
