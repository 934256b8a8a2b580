namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Where the pages of the cmdlets are on the web, for <c>Get-Help -Online</c>.</summary>
internal static class HelpPages
{
    /// <summary>The folder of the pages. It lies below the manifest's ProjectUri, which a test sees to.</summary>
    internal const string Folder = "https://github.com/chuizi-ai/Chuizi.Video/blob/main/docs/en-US/";
}
