using System.Management.Automation;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>The activities under way, as one line.</summary>
internal sealed class ProgressText
{
    /// <summary>In a log: a line at most this often.</summary>
    private const int MillisecondsBetweenLines = 5000;

    private readonly SortedDictionary<int, string> _activities = [];
    private long _lastLine = long.MinValue / 2;
    private string _lastText = "";

    /// <summary>Takes a record in.</summary>
    public void Update(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            _activities.Remove(record.ActivityId);
        }
        else
        {
            _activities[record.ActivityId] = $"{record.Activity}: {record.StatusDescription}";
        }
    }

    /// <summary>Forgets all activities.</summary>
    public void Clear() => _activities.Clear();

    /// <summary>Whether a log should have another line now.</summary>
    public bool IsDue(long now)
    {
        string text = ToString();
        if (text.Length == 0 || text == _lastText || now - _lastLine < MillisecondsBetweenLines)
        {
            return false;
        }

        _lastLine = now;
        _lastText = text;
        return true;
    }

    public override string ToString() => string.Join(" | ", _activities.Values);
}
