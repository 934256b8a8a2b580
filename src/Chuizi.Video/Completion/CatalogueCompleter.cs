using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Completion;

/// <summary>
/// Completes -Name, -Provider and -Type of Get-ChuiziVideoModel, and -Model of Get-ChuiziVideo. Each takes the other two into account;
/// values already in the list are left out.
/// </summary>
public sealed class CatalogueCompleter : Completer
{
    internal override IEnumerable<CompletionResult> Complete(CompletionRequest request)
    {
        bool IsWanted(VideoModel model) =>
            Fits("Name", model.Name) && Fits("Provider", model.Provider) && Fits("Type", model.Type);

        bool Fits(string parameter, string value) =>
            parameter == request.Parameter
            || request.Line.Texts(parameter) is not { Count: > 0 } patterns
            || patterns.Any(pattern => IsLike(value, pattern));

        IReadOnlyList<CompletionItem> items = request.Parameter switch
        {
            "Name" or "Model" => CatalogueCompletions.Names(IsWanted),
            "Provider" => CatalogueCompletions.Providers(IsWanted),
            "Type" => CatalogueCompletions.Types(IsWanted),
            _ => [],
        };
        HashSet<string> words = request.Line.Words();
        return Offer(request.Word, [.. items.Where(item =>
            item.Value.Equals(request.Word.Text, StringComparison.OrdinalIgnoreCase) || !words.Contains(item.Value))]);
    }

    private static bool IsLike(string value, string pattern)
    {
        try
        {
            return WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(value);
        }
        catch (WildcardPatternException)
        {
            return true;
        }
    }
}
