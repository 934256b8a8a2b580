using System.Collections.Concurrent;
using System.Management.Automation;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Completion;

/// <summary>
/// Completes a path relative to PowerShell's current location, with folders and with the files that have certain extensions, or with all
/// files if no file has one. (The engine's own completion escapes brackets as wildcards, but these paths are literal.)
/// </summary>
/// <param name="endings">The extensions to include; none for folders only.</param>
public abstract class PathCompleter(params string[] endings) : Completer
{
    /// <summary>More than anyone would scan. Each result is parsed to decide how to quote it.</summary>
    private const int Most = 500;

    private static readonly EnumerationOptions s_all = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    internal override IEnumerable<CompletionResult> Complete(CompletionRequest request)
    {
        string typed = request.Word.Text;
        int start = typed.LastIndexOfAny(['/', '\\']) + 1;
        // C:run is relative to the current location of drive C.
        start = start == 0 ? typed.LastIndexOf(':') + 1 : start;
        string before = typed[..start];
        TypedWord name = new(typed[start..]);
        string folder = FilePaths.Resolve(request.State.Path, before.Length > 0 ? before : ".");
        IReadOnlyList<FileSystemInfo> entries = name.Filter(Find(folder, showsHidden: name.Text.StartsWith('.')), entry => entry.Name);
        bool hasWanted = entries.Any(IsWanted);
        return entries.Where(entry => entry is DirectoryInfo || !hasWanted || IsWanted(entry))
            .Select(entry => (entry, value: before + Safe(before, entry.Name)))
            .Where(pair => CanBe(pair.value))
            .OrderBy(pair => pair.entry is DirectoryInfo)
            .ThenBy(pair => pair.entry.Name, StringComparer.OrdinalIgnoreCase)
            .Take(Most)
            .Select(pair => new CompletionResult(
                request.Word.Quote(pair.value),
                DisplayText.Line(pair.entry.Name),
                pair.entry is DirectoryInfo ? CompletionResultType.ProviderContainer : CompletionResultType.ProviderItem,
                DisplayText.Line(pair.entry.FullName)));
    }

    /// <summary>Whether the parameter accepts the value as a path.</summary>
    internal virtual bool CanBe(string value) => true;

    /// <summary>Lists the folder in the background, because a folder on a dead network share may never respond.</summary>
    private FileSystemInfo[] Find(string folder, bool showsHidden)
    {
        ConcurrentQueue<FileSystemInfo> found = [];
        using CancellationTokenSource source = new();
        CancellationToken token = source.Token;
        Task listing = Task.Run(
            () =>
            {
                foreach (
                    FileSystemInfo entry in new DirectoryInfo(folder)
                        .EnumerateFileSystemInfos("*", s_all)
                        .TakeWhile(_ => !token.IsCancellationRequested))
                {
                    if (CanBeFound(entry) && (showsHidden || !entry.Attributes.HasFlag(FileAttributes.Hidden)))
                    {
                        found.Enqueue(entry);
                    }
                }
            },
            CancellationToken.None);
        try
        {
            listing.Wait(Patience);
        }
        finally
        {
            source.Cancel();
        }

        return [.. found];
    }

    // PowerShell treats a backslash as a path separator on every platform, so such a file cannot be specified.
    private bool CanBeFound(FileSystemInfo entry) =>
        !entry.Name.Contains('\\', StringComparison.Ordinal) && (entry is DirectoryInfo || endings.Length > 0);

    private bool IsWanted(FileSystemInfo entry) =>
        entry is FileInfo && endings.Any(ending => entry.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Prefixes a name that would otherwise be read as a drive or the home folder.</summary>
    private static string Safe(string before, string name) =>
        before.Length == 0 && (name.Contains(':', StringComparison.Ordinal) || name.StartsWith('~')) ? "./" + name : name;
}
