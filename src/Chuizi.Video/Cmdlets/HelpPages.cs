namespace Chuizi.Video.Module.Cmdlets;

/// <summary>The web address of the cmdlets' help pages, for <c>Get-Help -Online</c>.</summary>
internal static class HelpPages
{
    /// <summary>The folder of the pages. A test checks that it is below the manifest's ProjectUri.</summary>
    internal const string Folder = "https://github.com/chuizi-ai/Chuizi.Video/blob/main/docs/en-US/";
}
