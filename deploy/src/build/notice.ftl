Packhorse
=========

This distribution contains the programs of other projects that are listed here, each with its licence.
The jars are in lib/. Where a jar comes with the text of its licence and notices of its authors, they are in
its folder META-INF. What packhorse.cdx.json lists beside these jars are Packhorse's own, packhorse-*.jar.
<#list dependencyMap as entry>
<#assign library = entry.getKey()/>

${library.artifactId}-${library.version}.jar
    ${library.name?trim}<#if library.url??>, ${library.url}</#if>
    <#list library.licenses as license>
    ${license.name?trim}<#if license.url??>, ${license.url}</#if>
    </#list>
</#list>

runtime/
    The Java runtime, OpenJDK, https://openjdk.org
    GNU General Public License, version 2, with the Classpath Exception, https://openjdk.org/legal/gplv2+ce.html
    The texts of this licence and of those of the parts of the JDK are in runtime/legal.
