using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The paths of the ledgers, in files, that submissions of this machine were recorded in: a text file in the state folder, one full path a
/// line. The process remembers what it has added.
/// </summary>
/// <param name="folder">The state folder; if it is null, nothing is remembered.</param>
internal sealed class KnownLedgers(string? folder)
{
    private const string FileName = "known-ledgers.txt";

    private static readonly HashSet<string> s_addedInProcess = new(StringComparer.Ordinal);

    /// <summary>The existing ledgers, in the order of their first use.</summary>
    public IReadOnlyList<string> Existing => [.. Read().Where(File.Exists)];

    /// <summary>
    /// Adds a ledger in a file; a blob cannot be read without its credential, and is not added. If the state folder cannot be written, the
    /// ledger is not remembered, and the submission goes on.
    /// </summary>
    public void Add(string ledger)
    {
        lock (s_addedInProcess)
        {
            if (folder is null || ledger.Any(char.IsControl) || LedgerAddress.Of(ledger) is not null
                || !s_addedInProcess.Add($"{folder}\n{ledger}"))
            {
                return;
            }

            try
            {
                if (!Read().Contains(ledger, PathComparer.Instance))
                {
                    string path = Path.Combine(folder, FileName);
                    OwnerOnly.MakeFolderOf(path);
                    SharedTextFile.AppendLine(path, ledger);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                s_addedInProcess.Remove($"{folder}\n{ledger}");
            }
        }
    }

    private IEnumerable<string> Read()
    {
        string? path = folder is null ? null : Path.Combine(folder, FileName);
        try
        {
            return path is not null && File.Exists(path)
                ? File.ReadAllLines(path).Where(Path.IsPathFullyQualified).Distinct(PathComparer.Instance)
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
