using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Gallery;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Gallery;

/// <summary>One call of Export-ChuiziVideoGallery: collects videos and writes the page at the end. No request is sent to the API.</summary>
internal sealed class GalleryRun
{
    private const string WhatToPipe = "Pipe videos from New-, Wait-, Save- or Get-ChuiziVideo, or specify -Ledger.";

    private readonly VideoCmdlet _cmdlet;
    private readonly string _path;
    private readonly string? _ledger;
    private readonly string _title;
    private readonly bool _force;
    private readonly GalleryItems _items = [];
    private int _number;

    /// <summary>The verdict of the videos on the page; null for all videos.</summary>
    public string? Verdict { get; init; }

    /// <summary>Whether the page is opened in the browser.</summary>
    public bool IsShown { get; init; }

    /// <summary>Prepares the page. An invalid path is an error immediately, before the pipeline submits anything.</summary>
    public GalleryRun(VideoCmdlet cmdlet, string path, string? ledger, string? title, bool force)
    {
        _cmdlet = cmdlet;
        _force = force;
        _path = ResolvePage(path);
        _ledger = ledger is null ? null : LedgerChoice.Use(cmdlet, ledger);
        _title = title ?? GalleryFile.TitleOf(_ledger ?? _path);
        Protect(_ledger);
        if (!force)
        {
            Try(() => GalleryFile.Check(_path), _path);
        }
    }

    /// <summary>Adds an input. Use only on the pipeline thread, because its columns may be script properties.</summary>
    public void Add(PSObject? input)
    {
        _number++;
        if (input is null || !VideoArgument.IsVideo(input))
        {
            Refuse(input);
            return;
        }

        Video video = VideoArgument.Read(input);
        _cmdlet.Outlet.Receive(video);
        _items.Add(new GalleryItem(video, ColumnsOf(video)));
    }

    /// <summary>Writes the page and emits its file.</summary>
    public void Complete()
    {
        if (_ledger is { } ledger)
        {
            ReadLedger(ledger);
        }
        else if (_items.Count == 0)
        {
            // An empty pipeline writes no page.
            return;
        }

        foreach (GalleryItem item in _items)
        {
            Protect(item.Video.Path);
            Protect(item.Video.Ledger);
        }

        GalleryItem[] shown = [.. _items.Where(item => Verdict is null || item.Video.Verdict == Verdict)];
        if (Verdict is { } verdict && shown.Length == 0)
        {
            _cmdlet.WriteWarning($"The page is empty because no video of {_items.Count} is {verdict.ToLowerInvariant()}.");
        }

        if (!_cmdlet.ShouldProcess(_path, $"Write the gallery of {DisplayText.Count(shown.Length, "video")}"))
        {
            return;
        }

        Try(() => _cmdlet.Await(_ => Task.FromResult(Write(shown))), _path);
        // Emits the file like Get-Item, with the properties that the default file table shows.
        _cmdlet.WriteObject(_cmdlet.InvokeProvider.Item.Get([_path], force: true, literalPath: true), enumerateCollection: true);
        if (IsShown)
        {
            Show();
        }
    }

    private bool Write(GalleryItem[] shown)
    {
        GalleryFile.Write(_path, GalleryPage.Render(shown, _path, _title, DateTime.UtcNow, File.Exists, Verdict), _force);
        return true;
    }

    // The page is written, so a machine without a browser is not an error.
    private void Show()
    {
        try
        {
            ModuleSession.Current.Browse(_path);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            _cmdlet.WriteWarning($"The page was written, but it could not be opened in a browser: {exception.Message} Open it: {_path}");
        }
    }

    private void ReadLedger(string path)
    {
        IReadOnlyList<string> damage = [];
        IReadOnlyList<(Video Video, string? Origin)> entries = [];
        Try(() => entries = _cmdlet.Await(_ => Task.FromResult(LedgerListing.Read(path, out damage, oldestFirst: true))), path);
        foreach (string line in damage)
        {
            _cmdlet.WriteWarning(line);
        }

        foreach ((Video video, _) in entries)
        {
            _items.Add(new GalleryItem(video, ColumnsOf(video)));
        }
    }

    /// <summary>The columns of the row, with the extra fields as they were sent.</summary>
    private static IDictionary ColumnsOf(Video video)
    {
        IDictionary columns = RecordedColumns.Of(video.KeptInput);
        if (VideoProvenance.Of(video)?.Request?.Parameters is { Count: > 0 } sent)
        {
            columns[nameof(LedgerRecord.Parameter)] = new Dictionary<string, object?>(sent);
        }

        return columns;
    }

    private void Refuse(PSObject? input)
    {
        string what = input?.BaseObject switch
        {
            null => "Expected a video, but got null.",
            string text => $"{ErrorRecords.Quote(text)} is a string. An id alone does not have the details that the gallery shows.",
            PSCustomObject => "This row is not a video.",
            { } other => $"This {other.GetType().Name} is not a video.",
        };
        string action = input?.BaseObject is string
            ? "Get the video first with Get-ChuiziVideo, or specify -Ledger."
            : WhatToPipe;
        string message = string.Create(CultureInfo.InvariantCulture, $"Input {_number}: {what}");
        _cmdlet.Errors.Write(ErrorRecords.Make("NoVideo", ErrorCategory.InvalidArgument, input, message, action));
    }

    private string ResolvePage(string given)
    {
        string path = "";
        try
        {
            path = FilePaths.Resolve(_cmdlet, given);
        }
        catch (IOException exception)
        {
            RefusePage(given, $"'{given}' cannot be used as the gallery file: {exception.Message}", exception);
        }

        path = GalleryFile.PathOf(path, given[^1] is '/' or '\\' || Directory.Exists(path));
        if (Directory.Exists(path))
        {
            RefusePage(given, $"The gallery file '{path}' cannot be written because it is a folder.", null);
        }

        if (FilePaths.FileInTheWay(Path.GetDirectoryName(path)) is { } file)
        {
            RefusePage(given, $"'{file}' is a file, not a folder.", null);
        }

        return path;
    }

    // Even -Force must not replace a video or a ledger that the page shows.
    private void Protect(string? path)
    {
        if (PathComparer.Instance.Equals(path, _path))
        {
            RefusePage(_path, $"'{_path}' is {(path == _ledger ? "the ledger" : "a video or its ledger")} and was not replaced.", null);
        }
    }

    private void RefusePage(string target, string message, Exception? cause) => _cmdlet.ThrowTerminatingError(ErrorRecords.Make(
        "InvalidDestination", ErrorCategory.InvalidArgument, target, message, "Use the path of an HTML file or of a folder.", cause));

    private void Try(Action act, string target)
    {
        try
        {
            act();
        }
        catch (ChuiziException exception)
        {
            _cmdlet.ThrowTerminatingError(ErrorRecords.From(exception, target));
        }
    }
}
