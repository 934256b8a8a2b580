BeforeDiscovery {
    # Every block of README.md, in order, as a reader would paste them; a block whose first line says so needs a real key, and a comment before it can say why it is not run.
    $text = [IO.File]::ReadAllText("$PSScriptRoot/../../README.md").ReplaceLineEndings("`n")
    $blocks = foreach ($match in [regex]::Matches($text, '(?ms)(?<note><!-- not run: [^\n]*\n)?^```powershell\n(?<code>.*?)^```$')) {
        $code = $match.Groups['code'].Value
        @{
            Line    = $text.Substring(0, $match.Index).Split("`n").Count
            Code    = $code
            IsLocal = -not $code.StartsWith('# With a real key:') -and -not $match.Groups['note'].Success
            Fails   = [regex]::Match($code, '# error: (\w+)').Groups[1].Value
        }
    }

    $local = $blocks.Where({ $_.IsLocal })
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # Not TestDrive, which is emptied after each Describe: one block reads what another wrote.
    $desk = [IO.Directory]::CreateTempSubdirectory('chuizi').FullName
    Copy-Item "$root/output" $desk/output -Recurse
    $reader = [powershell]::Create([initialsessionstate]::CreateDefault2())
    $null = $reader.AddScript("Set-Location '$desk'").Invoke()
}

AfterAll {
    $reader.Commands.Clear()
    $null = $reader.AddScript('Stop-ChuiziVideoSandbox').Invoke()
    $reader.Dispose()
    Remove-Item $desk -Recurse -Force -ErrorAction Ignore
}

Describe 'README.md, the block at line <Line>' -ForEach $blocks {
    It 'names commands and parameters that exist' {
        $ast = [Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $null)
        foreach ($call in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
            $name = $call.GetCommandName()
            if ($name -like '*-PSResource*' -and -not (Get-Module Microsoft.PowerShell.PSResourceGet -ListAvailable)) {
                Set-ItResult -Skipped -Because 'the module Microsoft.PowerShell.PSResourceGet is not installed'
                return
            }

            $command = Get-Command $name -ErrorAction Stop
            foreach ($parameter in $call.CommandElements.Where({ $_ -is [Management.Automation.Language.CommandParameterAst] })) {
                { $command.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw
            }
        }
    }
}

Describe 'README.md, read from the start, the block at line <Line>' -ForEach $local {
    It 'runs, with the errors that it says' {
        $reader.Commands.Clear()
        $reader.Streams.ClearStreams()
        $null = $reader.AddScript($Code).Invoke()
        $ids = foreach ($record in $reader.Streams.Error) {
            $record.FullyQualifiedErrorId.Split(',')[0]
        }
        $ids -join ' ' | Should -Be $Fails -Because "$($reader.Streams.Error)"
    }
}

Describe 'What README.md promises of its first run' {
    It 'saves two files and reports the third row' {
        (Get-ChildItem "$desk/videos").Name | Sort-Object | Should -Be 'boat.mp4', 'kite.mp4'
    }
}
